import { useLocale } from '../../i18n/locale';

/** The list before it is there: its shape, so that nothing jumps. */
export function ListingBones() {
  const { t } = useLocale();
  return (
    <div role="status">
      <span className="visually-hidden">{t.loading}</span>
      <div className="categories" aria-hidden="true">
        {[5, 6, 5, 9, 10, 8].map((width, index) => (
          <span key={index} className="bone" style={{ width: `${width}rem`, height: '2.3rem', borderRadius: '2rem' }} />
        ))}
      </div>
      <div className="listing" aria-hidden="true">
        <div className="filters-bones">
          <span className="bone" />
          <span className="bone" />
          <span className="bone" />
        </div>
        <div className="grid">
          {Array.from({ length: 8 }, (_, index) => (
            <div key={index} className="card">
              <div className="picture bone" />
              <span className="bone" style={{ height: '1.1rem', marginTop: '0.9rem' }} />
              <span className="bone" style={{ height: '1.1rem', width: '45%', marginTop: '0.6rem' }} />
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
