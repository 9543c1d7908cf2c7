import { type FragmentType, graphql, readFragment } from '../gql';
import { pictureOf } from './picture-of';

export const PictureFragment = graphql(`
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

interface VariantPictureProps {
  /** What it is called. */
  variant: string;
  of: readonly FragmentType<typeof PictureFragment>[];
}

/** The product's picture that shows this variant, else its first. Beside a title, so it is silent for who listens. */
export function VariantPicture({ variant, of }: VariantPictureProps) {
  const images = readFragment(PictureFragment, of);
  const image = images[pictureOf(variant, images) ?? 0];
  return <div className="picture">{image && <img src={image.url} alt="" loading="lazy" width={400} height={400} />}</div>;
}
