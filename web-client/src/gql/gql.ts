/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  fragment Cart on Cart {\n    id\n    itemCount\n    total {\n      ...Money\n    }\n    lines {\n      id\n      quantity\n      unitPrice {\n        ...Money\n      }\n      subtotal {\n        ...Money\n      }\n      variant {\n        sku\n        title\n        available\n        product {\n          id\n          slug\n          title\n          images {\n            ...Picture\n          }\n        }\n      }\n    }\n  }\n": typeof types.CartFragmentDoc,
    "\n  query MyCart {\n    me {\n      id\n      cart {\n        ...Cart\n      }\n    }\n  }\n": typeof types.MyCartDocument,
    "\n  query GuestCart($id: ID!) {\n    cart(id: $id) {\n      ...Cart\n    }\n  }\n": typeof types.GuestCartDocument,
    "\n  mutation AddToCart($input: AddToCartInput!) {\n    addToCart(input: $input) {\n      cart {\n        ...Cart\n        id\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": typeof types.AddToCartDocument,
    "\n  query MyOrders {\n    me {\n      id\n      orders(first: 50) {\n        nodes {\n          id\n          number\n          status\n          placedAt\n          total {\n            ...Money\n          }\n        }\n      }\n    }\n  }\n": typeof types.MyOrdersDocument,
    "\n  mutation LogIn($input: LogInInput!) {\n    logIn(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.LogInDocument,
    "\n  mutation Register($input: RegisterInput!) {\n    register(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.RegisterDocument,
    "\n  mutation SetQuantity($input: SetCartLineQuantityInput!) {\n    setCartLineQuantity(input: $input) {\n      cart {\n        ...Cart\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SetQuantityDocument,
    "\n  mutation Remove($input: RemoveFromCartInput!) {\n    removeFromCart(input: $input) {\n      cart {\n        ...Cart\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.RemoveDocument,
    "\n  fragment Facet on Facet {\n    name\n    label\n    values {\n      value\n      count\n      selected\n    }\n  }\n": typeof types.FacetFragmentDoc,
    "\n  query Listing($search: String, $filter: ProductFilter, $sort: ProductSort, $first: Int, $after: String) {\n    categories {\n      id\n      slug\n      title\n    }\n    products(search: $search, filter: $filter, sort: $sort, first: $first, after: $after) {\n      totalCount\n      facets {\n        name\n        ...Facet\n      }\n      nodes {\n        id\n        ...ProductCard\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ListingDocument,
    "\n  fragment ProductCard on Product {\n    slug\n    title\n    brand\n    images {\n      ...Picture\n    }\n    priceRange {\n      min {\n        amount\n        ...Money\n      }\n      max {\n        amount\n      }\n    }\n    variants {\n      sku\n      inStock\n      compareAtPrice {\n        ...Money\n      }\n    }\n  }\n": typeof types.ProductCardFragmentDoc,
    "\n  query Product($slug: String!) {\n    product(slug: $slug) {\n      id\n      title\n      description\n      brand\n      category {\n        id\n        slug\n        title\n      }\n      images {\n        url\n        ...Picture\n      }\n      attributes {\n        ...Attribute\n      }\n      variants {\n        sku\n        title\n        ...Variant\n      }\n    }\n  }\n": typeof types.ProductDocument,
    "\n  fragment Variant on Variant {\n    sku\n    available\n    inStock\n    price {\n      ...Money\n    }\n    compareAtPrice {\n      ...Money\n    }\n    attributes {\n      ...Attribute\n    }\n  }\n": typeof types.VariantFragmentDoc,
    "\n  fragment Attribute on Attribute {\n    name\n    label\n    value\n    unit\n  }\n": typeof types.AttributeFragmentDoc,
    "\n  query ShippingMethods($country: String!, $cartId: ID) {\n    shippingMethods(country: $country, cartId: $cartId) {\n      code\n      title\n      estimatedDays\n      price {\n        ...Money\n      }\n    }\n  }\n": typeof types.ShippingMethodsDocument,
    "\n  query KnownRecipient {\n    me {\n      id\n      name\n      email\n      phone\n      addresses {\n        id\n        isDefault\n        recipient\n        phone\n        line1\n        line2\n        city\n        region\n        postalCode\n        country\n      }\n    }\n  }\n": typeof types.KnownRecipientDocument,
    "\n  mutation Checkout($input: CheckoutInput!) {\n    checkout(input: $input) {\n      orderKey\n      order {\n        id\n      }\n      userErrors {\n        code\n        message\n        field\n        sku\n        available\n      }\n    }\n  }\n": typeof types.CheckoutDocument,
    "\n  fragment Order on Order {\n    id\n    number\n    status\n    placedAt\n    trackingNumber\n    ...Timeline\n    subtotal {\n      ...Money\n    }\n    shipping {\n      ...Money\n    }\n    total {\n      ...Money\n    }\n    shippingMethod {\n      code\n      title\n      estimatedDays\n    }\n    recipient {\n      name\n      phone\n      email\n      line1\n      line2\n      city\n      region\n      postalCode\n      country\n    }\n    lines {\n      sku\n      title\n      quantity\n      subtotal {\n        ...Money\n      }\n      variant {\n        sku\n        product {\n          id\n          slug\n          images {\n            ...Picture\n          }\n        }\n      }\n    }\n    payment {\n      id\n      status\n      failureMessage\n      redirectUrl\n      refundedAmount {\n        amount\n        ...Money\n      }\n    }\n  }\n": typeof types.OrderFragmentDoc,
    "\n  query Order($id: ID!, $orderKey: String) {\n    order(id: $id, orderKey: $orderKey) {\n      ...Order\n    }\n  }\n": typeof types.OrderDocument,
    "\n  subscription OrderUpdated($id: ID!, $orderKey: String) {\n    orderUpdated(id: $id, orderKey: $orderKey) {\n      ...Order\n    }\n  }\n": typeof types.OrderUpdatedDocument,
    "\n  mutation Cancel($input: CancelOrderInput!) {\n    cancelOrder(input: $input) {\n      order {\n        ...Order\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.CancelDocument,
    "\n  mutation Retry($input: RetryPaymentInput!) {\n    retryPayment(input: $input) {\n      order {\n        ...Order\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.RetryDocument,
    "\n  fragment Timeline on Order {\n    status\n    history {\n      status\n      at\n      note\n    }\n  }\n": typeof types.TimelineFragmentDoc,
    "\n  fragment BoardRow on Order {\n    id\n    number\n    status\n    placedAt\n    recipient {\n      name\n      city\n    }\n    shippingMethod {\n      code\n      title\n    }\n    total {\n      ...Money\n    }\n    lines {\n      sku\n      title\n      quantity\n    }\n  }\n": typeof types.BoardRowFragmentDoc,
    "\n  query Board($status: OrderStatus, $search: String, $after: String) {\n    me {\n      id\n      roles\n    }\n    orders(status: $status, search: $search, first: 30, after: $after) {\n      totalCount\n      nodes {\n        id\n        ...BoardRow\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.BoardDocument,
    "\n  subscription NewOrders {\n    newOrders {\n      id\n      number\n    }\n  }\n": typeof types.NewOrdersDocument,
    "\n  mutation Assemble($input: OrderIdInput!) {\n    assembleOrder(input: $input) {\n      order {\n        ...BoardRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.AssembleDocument,
    "\n  mutation HandOver($input: HandOrderToDeliveryInput!) {\n    handOrderToDelivery(input: $input) {\n      order {\n        ...BoardRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.HandOverDocument,
    "\n  mutation Deliver($input: OrderIdInput!) {\n    deliverOrder(input: $input) {\n      order {\n        ...BoardRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.DeliverDocument,
    "\n  query Suggestions($prefix: String!) {\n    suggestions(prefix: $prefix, first: 6)\n  }\n": typeof types.SuggestionsDocument,
    "\n  query Me {\n    me {\n      id\n      name\n      roles\n    }\n  }\n": typeof types.MeDocument,
    "\n  mutation LogOut {\n    logOut(input: {}) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.LogOutDocument,
    "\n  fragment Money on Money {\n    amount\n    currency\n  }\n": typeof types.MoneyFragmentDoc,
    "\n  fragment Picture on Image {\n    url\n    alt\n  }\n": typeof types.PictureFragmentDoc,
};
const documents: Documents = {
    "\n  fragment Cart on Cart {\n    id\n    itemCount\n    total {\n      ...Money\n    }\n    lines {\n      id\n      quantity\n      unitPrice {\n        ...Money\n      }\n      subtotal {\n        ...Money\n      }\n      variant {\n        sku\n        title\n        available\n        product {\n          id\n          slug\n          title\n          images {\n            ...Picture\n          }\n        }\n      }\n    }\n  }\n": types.CartFragmentDoc,
    "\n  query MyCart {\n    me {\n      id\n      cart {\n        ...Cart\n      }\n    }\n  }\n": types.MyCartDocument,
    "\n  query GuestCart($id: ID!) {\n    cart(id: $id) {\n      ...Cart\n    }\n  }\n": types.GuestCartDocument,
    "\n  mutation AddToCart($input: AddToCartInput!) {\n    addToCart(input: $input) {\n      cart {\n        ...Cart\n        id\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": types.AddToCartDocument,
    "\n  query MyOrders {\n    me {\n      id\n      orders(first: 50) {\n        nodes {\n          id\n          number\n          status\n          placedAt\n          total {\n            ...Money\n          }\n        }\n      }\n    }\n  }\n": types.MyOrdersDocument,
    "\n  mutation LogIn($input: LogInInput!) {\n    logIn(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.LogInDocument,
    "\n  mutation Register($input: RegisterInput!) {\n    register(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.RegisterDocument,
    "\n  mutation SetQuantity($input: SetCartLineQuantityInput!) {\n    setCartLineQuantity(input: $input) {\n      cart {\n        ...Cart\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SetQuantityDocument,
    "\n  mutation Remove($input: RemoveFromCartInput!) {\n    removeFromCart(input: $input) {\n      cart {\n        ...Cart\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.RemoveDocument,
    "\n  fragment Facet on Facet {\n    name\n    label\n    values {\n      value\n      count\n      selected\n    }\n  }\n": types.FacetFragmentDoc,
    "\n  query Listing($search: String, $filter: ProductFilter, $sort: ProductSort, $first: Int, $after: String) {\n    categories {\n      id\n      slug\n      title\n    }\n    products(search: $search, filter: $filter, sort: $sort, first: $first, after: $after) {\n      totalCount\n      facets {\n        name\n        ...Facet\n      }\n      nodes {\n        id\n        ...ProductCard\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ListingDocument,
    "\n  fragment ProductCard on Product {\n    slug\n    title\n    brand\n    images {\n      ...Picture\n    }\n    priceRange {\n      min {\n        amount\n        ...Money\n      }\n      max {\n        amount\n      }\n    }\n    variants {\n      sku\n      inStock\n      compareAtPrice {\n        ...Money\n      }\n    }\n  }\n": types.ProductCardFragmentDoc,
    "\n  query Product($slug: String!) {\n    product(slug: $slug) {\n      id\n      title\n      description\n      brand\n      category {\n        id\n        slug\n        title\n      }\n      images {\n        url\n        ...Picture\n      }\n      attributes {\n        ...Attribute\n      }\n      variants {\n        sku\n        title\n        ...Variant\n      }\n    }\n  }\n": types.ProductDocument,
    "\n  fragment Variant on Variant {\n    sku\n    available\n    inStock\n    price {\n      ...Money\n    }\n    compareAtPrice {\n      ...Money\n    }\n    attributes {\n      ...Attribute\n    }\n  }\n": types.VariantFragmentDoc,
    "\n  fragment Attribute on Attribute {\n    name\n    label\n    value\n    unit\n  }\n": types.AttributeFragmentDoc,
    "\n  query ShippingMethods($country: String!, $cartId: ID) {\n    shippingMethods(country: $country, cartId: $cartId) {\n      code\n      title\n      estimatedDays\n      price {\n        ...Money\n      }\n    }\n  }\n": types.ShippingMethodsDocument,
    "\n  query KnownRecipient {\n    me {\n      id\n      name\n      email\n      phone\n      addresses {\n        id\n        isDefault\n        recipient\n        phone\n        line1\n        line2\n        city\n        region\n        postalCode\n        country\n      }\n    }\n  }\n": types.KnownRecipientDocument,
    "\n  mutation Checkout($input: CheckoutInput!) {\n    checkout(input: $input) {\n      orderKey\n      order {\n        id\n      }\n      userErrors {\n        code\n        message\n        field\n        sku\n        available\n      }\n    }\n  }\n": types.CheckoutDocument,
    "\n  fragment Order on Order {\n    id\n    number\n    status\n    placedAt\n    trackingNumber\n    ...Timeline\n    subtotal {\n      ...Money\n    }\n    shipping {\n      ...Money\n    }\n    total {\n      ...Money\n    }\n    shippingMethod {\n      code\n      title\n      estimatedDays\n    }\n    recipient {\n      name\n      phone\n      email\n      line1\n      line2\n      city\n      region\n      postalCode\n      country\n    }\n    lines {\n      sku\n      title\n      quantity\n      subtotal {\n        ...Money\n      }\n      variant {\n        sku\n        product {\n          id\n          slug\n          images {\n            ...Picture\n          }\n        }\n      }\n    }\n    payment {\n      id\n      status\n      failureMessage\n      redirectUrl\n      refundedAmount {\n        amount\n        ...Money\n      }\n    }\n  }\n": types.OrderFragmentDoc,
    "\n  query Order($id: ID!, $orderKey: String) {\n    order(id: $id, orderKey: $orderKey) {\n      ...Order\n    }\n  }\n": types.OrderDocument,
    "\n  subscription OrderUpdated($id: ID!, $orderKey: String) {\n    orderUpdated(id: $id, orderKey: $orderKey) {\n      ...Order\n    }\n  }\n": types.OrderUpdatedDocument,
    "\n  mutation Cancel($input: CancelOrderInput!) {\n    cancelOrder(input: $input) {\n      order {\n        ...Order\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.CancelDocument,
    "\n  mutation Retry($input: RetryPaymentInput!) {\n    retryPayment(input: $input) {\n      order {\n        ...Order\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.RetryDocument,
    "\n  fragment Timeline on Order {\n    status\n    history {\n      status\n      at\n      note\n    }\n  }\n": types.TimelineFragmentDoc,
    "\n  fragment BoardRow on Order {\n    id\n    number\n    status\n    placedAt\n    recipient {\n      name\n      city\n    }\n    shippingMethod {\n      code\n      title\n    }\n    total {\n      ...Money\n    }\n    lines {\n      sku\n      title\n      quantity\n    }\n  }\n": types.BoardRowFragmentDoc,
    "\n  query Board($status: OrderStatus, $search: String, $after: String) {\n    me {\n      id\n      roles\n    }\n    orders(status: $status, search: $search, first: 30, after: $after) {\n      totalCount\n      nodes {\n        id\n        ...BoardRow\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.BoardDocument,
    "\n  subscription NewOrders {\n    newOrders {\n      id\n      number\n    }\n  }\n": types.NewOrdersDocument,
    "\n  mutation Assemble($input: OrderIdInput!) {\n    assembleOrder(input: $input) {\n      order {\n        ...BoardRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.AssembleDocument,
    "\n  mutation HandOver($input: HandOrderToDeliveryInput!) {\n    handOrderToDelivery(input: $input) {\n      order {\n        ...BoardRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.HandOverDocument,
    "\n  mutation Deliver($input: OrderIdInput!) {\n    deliverOrder(input: $input) {\n      order {\n        ...BoardRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.DeliverDocument,
    "\n  query Suggestions($prefix: String!) {\n    suggestions(prefix: $prefix, first: 6)\n  }\n": types.SuggestionsDocument,
    "\n  query Me {\n    me {\n      id\n      name\n      roles\n    }\n  }\n": types.MeDocument,
    "\n  mutation LogOut {\n    logOut(input: {}) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.LogOutDocument,
    "\n  fragment Money on Money {\n    amount\n    currency\n  }\n": types.MoneyFragmentDoc,
    "\n  fragment Picture on Image {\n    url\n    alt\n  }\n": types.PictureFragmentDoc,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Cart on Cart {\n    id\n    itemCount\n    total {\n      ...Money\n    }\n    lines {\n      id\n      quantity\n      unitPrice {\n        ...Money\n      }\n      subtotal {\n        ...Money\n      }\n      variant {\n        sku\n        title\n        available\n        product {\n          id\n          slug\n          title\n          images {\n            ...Picture\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment Cart on Cart {\n    id\n    itemCount\n    total {\n      ...Money\n    }\n    lines {\n      id\n      quantity\n      unitPrice {\n        ...Money\n      }\n      subtotal {\n        ...Money\n      }\n      variant {\n        sku\n        title\n        available\n        product {\n          id\n          slug\n          title\n          images {\n            ...Picture\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MyCart {\n    me {\n      id\n      cart {\n        ...Cart\n      }\n    }\n  }\n"): (typeof documents)["\n  query MyCart {\n    me {\n      id\n      cart {\n        ...Cart\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query GuestCart($id: ID!) {\n    cart(id: $id) {\n      ...Cart\n    }\n  }\n"): (typeof documents)["\n  query GuestCart($id: ID!) {\n    cart(id: $id) {\n      ...Cart\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddToCart($input: AddToCartInput!) {\n    addToCart(input: $input) {\n      cart {\n        ...Cart\n        id\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AddToCart($input: AddToCartInput!) {\n    addToCart(input: $input) {\n      cart {\n        ...Cart\n        id\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MyOrders {\n    me {\n      id\n      orders(first: 50) {\n        nodes {\n          id\n          number\n          status\n          placedAt\n          total {\n            ...Money\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query MyOrders {\n    me {\n      id\n      orders(first: 50) {\n        nodes {\n          id\n          number\n          status\n          placedAt\n          total {\n            ...Money\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LogIn($input: LogInInput!) {\n    logIn(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation LogIn($input: LogInInput!) {\n    logIn(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Register($input: RegisterInput!) {\n    register(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Register($input: RegisterInput!) {\n    register(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetQuantity($input: SetCartLineQuantityInput!) {\n    setCartLineQuantity(input: $input) {\n      cart {\n        ...Cart\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SetQuantity($input: SetCartLineQuantityInput!) {\n    setCartLineQuantity(input: $input) {\n      cart {\n        ...Cart\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Remove($input: RemoveFromCartInput!) {\n    removeFromCart(input: $input) {\n      cart {\n        ...Cart\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Remove($input: RemoveFromCartInput!) {\n    removeFromCart(input: $input) {\n      cart {\n        ...Cart\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Facet on Facet {\n    name\n    label\n    values {\n      value\n      count\n      selected\n    }\n  }\n"): (typeof documents)["\n  fragment Facet on Facet {\n    name\n    label\n    values {\n      value\n      count\n      selected\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Listing($search: String, $filter: ProductFilter, $sort: ProductSort, $first: Int, $after: String) {\n    categories {\n      id\n      slug\n      title\n    }\n    products(search: $search, filter: $filter, sort: $sort, first: $first, after: $after) {\n      totalCount\n      facets {\n        name\n        ...Facet\n      }\n      nodes {\n        id\n        ...ProductCard\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Listing($search: String, $filter: ProductFilter, $sort: ProductSort, $first: Int, $after: String) {\n    categories {\n      id\n      slug\n      title\n    }\n    products(search: $search, filter: $filter, sort: $sort, first: $first, after: $after) {\n      totalCount\n      facets {\n        name\n        ...Facet\n      }\n      nodes {\n        id\n        ...ProductCard\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ProductCard on Product {\n    slug\n    title\n    brand\n    images {\n      ...Picture\n    }\n    priceRange {\n      min {\n        amount\n        ...Money\n      }\n      max {\n        amount\n      }\n    }\n    variants {\n      sku\n      inStock\n      compareAtPrice {\n        ...Money\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment ProductCard on Product {\n    slug\n    title\n    brand\n    images {\n      ...Picture\n    }\n    priceRange {\n      min {\n        amount\n        ...Money\n      }\n      max {\n        amount\n      }\n    }\n    variants {\n      sku\n      inStock\n      compareAtPrice {\n        ...Money\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Product($slug: String!) {\n    product(slug: $slug) {\n      id\n      title\n      description\n      brand\n      category {\n        id\n        slug\n        title\n      }\n      images {\n        url\n        ...Picture\n      }\n      attributes {\n        ...Attribute\n      }\n      variants {\n        sku\n        title\n        ...Variant\n      }\n    }\n  }\n"): (typeof documents)["\n  query Product($slug: String!) {\n    product(slug: $slug) {\n      id\n      title\n      description\n      brand\n      category {\n        id\n        slug\n        title\n      }\n      images {\n        url\n        ...Picture\n      }\n      attributes {\n        ...Attribute\n      }\n      variants {\n        sku\n        title\n        ...Variant\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Variant on Variant {\n    sku\n    available\n    inStock\n    price {\n      ...Money\n    }\n    compareAtPrice {\n      ...Money\n    }\n    attributes {\n      ...Attribute\n    }\n  }\n"): (typeof documents)["\n  fragment Variant on Variant {\n    sku\n    available\n    inStock\n    price {\n      ...Money\n    }\n    compareAtPrice {\n      ...Money\n    }\n    attributes {\n      ...Attribute\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Attribute on Attribute {\n    name\n    label\n    value\n    unit\n  }\n"): (typeof documents)["\n  fragment Attribute on Attribute {\n    name\n    label\n    value\n    unit\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ShippingMethods($country: String!, $cartId: ID) {\n    shippingMethods(country: $country, cartId: $cartId) {\n      code\n      title\n      estimatedDays\n      price {\n        ...Money\n      }\n    }\n  }\n"): (typeof documents)["\n  query ShippingMethods($country: String!, $cartId: ID) {\n    shippingMethods(country: $country, cartId: $cartId) {\n      code\n      title\n      estimatedDays\n      price {\n        ...Money\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query KnownRecipient {\n    me {\n      id\n      name\n      email\n      phone\n      addresses {\n        id\n        isDefault\n        recipient\n        phone\n        line1\n        line2\n        city\n        region\n        postalCode\n        country\n      }\n    }\n  }\n"): (typeof documents)["\n  query KnownRecipient {\n    me {\n      id\n      name\n      email\n      phone\n      addresses {\n        id\n        isDefault\n        recipient\n        phone\n        line1\n        line2\n        city\n        region\n        postalCode\n        country\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Checkout($input: CheckoutInput!) {\n    checkout(input: $input) {\n      orderKey\n      order {\n        id\n      }\n      userErrors {\n        code\n        message\n        field\n        sku\n        available\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Checkout($input: CheckoutInput!) {\n    checkout(input: $input) {\n      orderKey\n      order {\n        id\n      }\n      userErrors {\n        code\n        message\n        field\n        sku\n        available\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Order on Order {\n    id\n    number\n    status\n    placedAt\n    trackingNumber\n    ...Timeline\n    subtotal {\n      ...Money\n    }\n    shipping {\n      ...Money\n    }\n    total {\n      ...Money\n    }\n    shippingMethod {\n      code\n      title\n      estimatedDays\n    }\n    recipient {\n      name\n      phone\n      email\n      line1\n      line2\n      city\n      region\n      postalCode\n      country\n    }\n    lines {\n      sku\n      title\n      quantity\n      subtotal {\n        ...Money\n      }\n      variant {\n        sku\n        product {\n          id\n          slug\n          images {\n            ...Picture\n          }\n        }\n      }\n    }\n    payment {\n      id\n      status\n      failureMessage\n      redirectUrl\n      refundedAmount {\n        amount\n        ...Money\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment Order on Order {\n    id\n    number\n    status\n    placedAt\n    trackingNumber\n    ...Timeline\n    subtotal {\n      ...Money\n    }\n    shipping {\n      ...Money\n    }\n    total {\n      ...Money\n    }\n    shippingMethod {\n      code\n      title\n      estimatedDays\n    }\n    recipient {\n      name\n      phone\n      email\n      line1\n      line2\n      city\n      region\n      postalCode\n      country\n    }\n    lines {\n      sku\n      title\n      quantity\n      subtotal {\n        ...Money\n      }\n      variant {\n        sku\n        product {\n          id\n          slug\n          images {\n            ...Picture\n          }\n        }\n      }\n    }\n    payment {\n      id\n      status\n      failureMessage\n      redirectUrl\n      refundedAmount {\n        amount\n        ...Money\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Order($id: ID!, $orderKey: String) {\n    order(id: $id, orderKey: $orderKey) {\n      ...Order\n    }\n  }\n"): (typeof documents)["\n  query Order($id: ID!, $orderKey: String) {\n    order(id: $id, orderKey: $orderKey) {\n      ...Order\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription OrderUpdated($id: ID!, $orderKey: String) {\n    orderUpdated(id: $id, orderKey: $orderKey) {\n      ...Order\n    }\n  }\n"): (typeof documents)["\n  subscription OrderUpdated($id: ID!, $orderKey: String) {\n    orderUpdated(id: $id, orderKey: $orderKey) {\n      ...Order\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Cancel($input: CancelOrderInput!) {\n    cancelOrder(input: $input) {\n      order {\n        ...Order\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Cancel($input: CancelOrderInput!) {\n    cancelOrder(input: $input) {\n      order {\n        ...Order\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Retry($input: RetryPaymentInput!) {\n    retryPayment(input: $input) {\n      order {\n        ...Order\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Retry($input: RetryPaymentInput!) {\n    retryPayment(input: $input) {\n      order {\n        ...Order\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Timeline on Order {\n    status\n    history {\n      status\n      at\n      note\n    }\n  }\n"): (typeof documents)["\n  fragment Timeline on Order {\n    status\n    history {\n      status\n      at\n      note\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment BoardRow on Order {\n    id\n    number\n    status\n    placedAt\n    recipient {\n      name\n      city\n    }\n    shippingMethod {\n      code\n      title\n    }\n    total {\n      ...Money\n    }\n    lines {\n      sku\n      title\n      quantity\n    }\n  }\n"): (typeof documents)["\n  fragment BoardRow on Order {\n    id\n    number\n    status\n    placedAt\n    recipient {\n      name\n      city\n    }\n    shippingMethod {\n      code\n      title\n    }\n    total {\n      ...Money\n    }\n    lines {\n      sku\n      title\n      quantity\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Board($status: OrderStatus, $search: String, $after: String) {\n    me {\n      id\n      roles\n    }\n    orders(status: $status, search: $search, first: 30, after: $after) {\n      totalCount\n      nodes {\n        id\n        ...BoardRow\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Board($status: OrderStatus, $search: String, $after: String) {\n    me {\n      id\n      roles\n    }\n    orders(status: $status, search: $search, first: 30, after: $after) {\n      totalCount\n      nodes {\n        id\n        ...BoardRow\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription NewOrders {\n    newOrders {\n      id\n      number\n    }\n  }\n"): (typeof documents)["\n  subscription NewOrders {\n    newOrders {\n      id\n      number\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Assemble($input: OrderIdInput!) {\n    assembleOrder(input: $input) {\n      order {\n        ...BoardRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Assemble($input: OrderIdInput!) {\n    assembleOrder(input: $input) {\n      order {\n        ...BoardRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation HandOver($input: HandOrderToDeliveryInput!) {\n    handOrderToDelivery(input: $input) {\n      order {\n        ...BoardRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation HandOver($input: HandOrderToDeliveryInput!) {\n    handOrderToDelivery(input: $input) {\n      order {\n        ...BoardRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Deliver($input: OrderIdInput!) {\n    deliverOrder(input: $input) {\n      order {\n        ...BoardRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Deliver($input: OrderIdInput!) {\n    deliverOrder(input: $input) {\n      order {\n        ...BoardRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Suggestions($prefix: String!) {\n    suggestions(prefix: $prefix, first: 6)\n  }\n"): (typeof documents)["\n  query Suggestions($prefix: String!) {\n    suggestions(prefix: $prefix, first: 6)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Me {\n    me {\n      id\n      name\n      roles\n    }\n  }\n"): (typeof documents)["\n  query Me {\n    me {\n      id\n      name\n      roles\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LogOut {\n    logOut(input: {}) {\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation LogOut {\n    logOut(input: {}) {\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Money on Money {\n    amount\n    currency\n  }\n"): (typeof documents)["\n  fragment Money on Money {\n    amount\n    currency\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Picture on Image {\n    url\n    alt\n  }\n"): (typeof documents)["\n  fragment Picture on Image {\n    url\n    alt\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;