import { type FormEvent, type KeyboardEvent, useEffect, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { useQuery } from 'urql';
import { graphql } from '../gql';
import { useLocale } from '../i18n/locale';
import { Icon } from '../ui/icon';

const Suggestions = graphql(`
  query Suggestions($prefix: String!) {
    suggestions(prefix: $prefix, first: 6)
  }
`);

/** The search with its suggestions: a combobox as ARIA describes it, so that arrows, Enter and Escape work in it. */
export function SearchBox() {
  const { t } = useLocale();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const current = params.get('q') ?? '';
  const [text, setText] = useState(current);
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  useEffect(() => setText(current), [current]);

  const prefix = text.trim();
  const [{ data }] = useQuery({ query: Suggestions, variables: { prefix }, pause: !isOpen || prefix.length < 2 });
  const options = isOpen && prefix.length >= 2 ? (data?.suggestions ?? []) : [];

  const go = (search: string) => {
    setOpen(false);
    setText(search);
    navigate(search ? `/?q=${encodeURIComponent(search)}` : '/');
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    go(options[active] ?? prefix);
  };
  const steer = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') setOpen(false);
    if (!step || options.length === 0) return;
    event.preventDefault();
    // One place before the first option is the text itself.
    setActive((at) => ((at + 1 + step + options.length + 1) % (options.length + 1)) - 1);
  };
  return (
    <form className="search" role="search" onSubmit={submit}>
      <input
        type="search"
        role="combobox"
        aria-label={t.search}
        aria-expanded={options.length > 0}
        aria-controls="suggestions"
        aria-autocomplete="list"
        aria-activedescendant={options[active] ? `suggestion-${active}` : undefined}
        autoComplete="off"
        enterKeyHint="search"
        placeholder={t.searchPlaceholder}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setOpen(true);
          setActive(-1);
        }}
        onKeyDown={steer}
        onBlur={() => setOpen(false)}
      />
      <button type="submit" aria-label={t.search}>
        <Icon of="search" />
      </button>
      <ul id="suggestions" role="listbox" aria-label={t.suggestions} hidden={options.length === 0}>
        {options.map((it, index) => (
          <li
            key={it}
            id={`suggestion-${index}`}
            role="option"
            aria-selected={index === active}
            // Before the field loses the focus, which closes the list.
            onMouseDown={(event) => {
              event.preventDefault();
              go(it);
            }}
          >
            {it}
          </li>
        ))}
      </ul>
    </form>
  );
}
