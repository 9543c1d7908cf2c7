// Who is signed in, as several features need it.
import { useQuery } from 'urql';
import { graphql } from '../gql';
import { useSignedIn } from './provider';

const Me = graphql(`
  query Me {
    me {
      id
      name
      email
      emailVerified
      roles
    }
  }
`);

export function useMe() {
  const signedIn = useSignedIn();
  const [{ data }] = useQuery({ query: Me, pause: !signedIn });
  return signedIn ? (data?.me ?? null) : null;
}
