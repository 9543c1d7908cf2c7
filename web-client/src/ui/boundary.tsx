import { Component, type ReactNode } from 'react';

interface BoundaryProps {
  /** Another place is another try. */
  place: string;
  fallback: ReactNode;
  children: ReactNode;
}

/** A page that broke does not take the rest of the window with it. */
export class Boundary extends Component<BoundaryProps, { brokenAt: string | null }> {
  override state: { brokenAt: string | null } = { brokenAt: null };

  static getDerivedStateFromError() {
    return { brokenAt: '' };
  }

  static getDerivedStateFromProps({ place }: BoundaryProps, { brokenAt }: { brokenAt: string | null }) {
    if (brokenAt === '') return { brokenAt: place };
    return brokenAt !== null && brokenAt !== place ? { brokenAt: null } : null;
  }

  override render() {
    return this.state.brokenAt === null ? this.props.children : this.props.fallback;
  }
}
