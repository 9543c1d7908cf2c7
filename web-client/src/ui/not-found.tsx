import { Link } from 'react-router';
import { useLocale } from '../i18n/locale';

export function NotFound({ text }: { text?: string }) {
  const { t } = useLocale();
  return (
    <div className="state">
      <p>{text ?? t.notFound}</p>
      <Link className="button quiet" to="/">
        {t.backToShop}
      </Link>
    </div>
  );
}
