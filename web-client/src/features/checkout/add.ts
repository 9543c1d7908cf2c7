/** The sum of two amounts of one currency, exactly: in the smallest units, as whole numbers. */
export function add(one: string, other: string): string {
  const places = Math.max(placesOf(one), placesOf(other));
  const sum = minor(one, places) + minor(other, places);
  if (places === 0) return String(sum);
  const digits = String(sum).padStart(places + 1, '0');
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

function placesOf(amount: string): number {
  return amount.split('.')[1]?.length ?? 0;
}

/** Prices and shipping are never below zero. */
function minor(amount: string, places: number): bigint {
  const [whole = '0', fraction = ''] = amount.split('.');
  return BigInt(whole + fraction.padEnd(places, '0'));
}
