import { useLocale } from '../i18n/locale';
import { Icon } from './icon';

interface StepperProps {
  /** Of what: for those who don't see the page. */
  label: string;
  value: number;
  least: number;
  most: number;
  onChange: (value: number) => void;
}

/** A number with a button on either side. */
export function Stepper({ label, value, least, most, onChange }: StepperProps) {
  const { t } = useLocale();
  return (
    <div className="stepper" role="group" aria-label={label}>
      <button type="button" aria-label={t.fewer} disabled={value <= least} onClick={() => onChange(value - 1)}>
        <Icon of="minus" />
      </button>
      <output aria-live="polite">{value}</output>
      <button type="button" aria-label={t.another} disabled={value >= most} onClick={() => onChange(value + 1)}>
        <Icon of="plus" />
      </button>
    </div>
  );
}
