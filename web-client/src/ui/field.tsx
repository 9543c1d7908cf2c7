import { type InputHTMLAttributes, useId } from 'react';

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  /** Why the value was refused. */
  refusal?: string | undefined;
}

export function Field({ label, refusal, ...input }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} aria-invalid={refusal !== undefined} aria-describedby={refusal ? `${id}-refusal` : undefined} {...input} />
      {refusal && (
        <p className="field-refusal" id={`${id}-refusal`}>
          {refusal}
        </p>
      )}
    </div>
  );
}
