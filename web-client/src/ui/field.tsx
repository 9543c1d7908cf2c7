import { type InputHTMLAttributes, useId } from 'react';

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  hint?: string | undefined;
  /** Why the value was refused. */
  refusal?: string | undefined;
}

export function Field({ label, hint, refusal, ...input }: FieldProps) {
  const id = useId();
  const described = refusal ? `${id}-refusal` : hint ? `${id}-hint` : undefined;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} aria-invalid={refusal !== undefined} aria-describedby={described} {...input} />
      {hint && !refusal && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {refusal && (
        <p className="field-refusal" id={`${id}-refusal`}>
          {refusal}
        </p>
      )}
    </div>
  );
}
