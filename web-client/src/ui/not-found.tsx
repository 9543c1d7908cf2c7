import { Link } from 'react-router';
import { useLocale } from '../i18n/locale';
import { Empty } from './states';
import { Title } from './title';

export function NotFound({ text }: { text?: string }) {
  const { t } = useLocale();
  return (
    <>
      <Title of={text ?? t.notFound} />
      <Empty isPage title={text ?? t.notFound}>
        <Link className="button" to="/">
          {t.backToShop}
        </Link>
      </Empty>
    </>
  );
}
