import { Link } from 'react-router';
import { type FragmentType, graphql, readFragment } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { useInView } from '../../ui/in-view';

const CategoriesFragment = graphql(`
  fragment Categories on Category {
    id
    slug
    title
    children {
      id
      slug
      title
    }
  }
`);

type Masked = readonly FragmentType<typeof CategoriesFragment>[];

/** The category with this slug, be it a root or a child. */
export function currentCategory(of: Masked, slug: string | null | undefined) {
  const roots = readFragment(CategoriesFragment, of);
  return roots.flatMap((it) => [it, ...it.children]).find((it) => it.slug === slug);
}

/** The shelves of the shop, and below the one that is looked at, its parts. */
export function Categories({ of, params }: { of: Masked; params: URLSearchParams }) {
  const { t } = useLocale();
  const roots = readFragment(CategoriesFragment, of);
  const slug = params.get('category');
  const nav = useInView(slug);
  const root = roots.find((it) => it.slug === slug || it.children.some((child) => child.slug === slug));
  return (
    <>
      <nav className="categories" aria-label={t.categories} ref={nav}>
        <CategoryLink params={params} slug={null} title={t.allProducts} isCurrent={!root} />
        {roots.map((it) => (
          <CategoryLink key={it.id} params={params} slug={it.slug} title={it.title} isCurrent={it === root} />
        ))}
      </nav>
      {root && root.children.length > 0 && (
        <nav className="categories parts" aria-label={root.title}>
          {root.children.map((it) => (
            // The one that is looked at leads back to the whole.
            <CategoryLink key={it.id} params={params} slug={it.slug === slug ? root.slug : it.slug} title={it.title} isCurrent={it.slug === slug} />
          ))}
        </nav>
      )}
    </>
  );
}

interface CategoryLinkProps {
  params: URLSearchParams;
  slug: string | null;
  title: string;
  isCurrent: boolean;
}

function CategoryLink({ params, slug, title, isCurrent }: CategoryLinkProps) {
  const search = params.get('q');
  const next = new URLSearchParams({ ...(search ? { q: search } : {}), ...(slug ? { category: slug } : {}) });
  return (
    <Link to={{ pathname: '/', search: String(next) }} preventScrollReset aria-current={isCurrent ? 'page' : undefined}>
      {title}
    </Link>
  );
}
