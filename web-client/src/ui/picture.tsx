import { type FragmentType, graphql, readFragment } from '../gql';

const PictureFragment = graphql(`
  fragment Picture on Image {
    url
    alt
  }
`);

/** A product's picture in a square of its own, so that nothing jumps when it arrives. */
export function Picture({ of, eager }: { of: FragmentType<typeof PictureFragment> | null | undefined; eager?: boolean }) {
  const image = readFragment(PictureFragment, of ?? null);
  return (
    <div className="picture">
      {image && <img src={image.url} alt={image.alt} loading={eager ? 'eager' : 'lazy'} width={400} height={400} />}
    </div>
  );
}
