interface Described {
  alt: string;
}

/**
 * Which picture shows this variant: the first whose description names a part of it ("…, green" for "Green, 54 cm"). The
 * catalogue doesn't tie pictures to variants, but describes them for those who can't see them; none if no description does.
 */
export function pictureOf(variant: string, images: readonly Described[]): number | null {
  const names = parts(variant);
  // What stands before the first comma is the product.
  const index = images.findIndex((it) => parts(it.alt).slice(1).some((part) => names.includes(part)));
  return index < 0 ? null : index;
}

function parts(text: string): string[] {
  return text.toLowerCase().split(/[,;]/).map((it) => it.trim());
}
