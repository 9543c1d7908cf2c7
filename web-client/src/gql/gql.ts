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
    "\n  query Me {\n    me {\n      id\n      name\n      email\n      emailVerified\n      roles\n    }\n  }\n": typeof types.MeDocument,
    "\n  mutation LogOut {\n    logOut(input: {}) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.LogOutDocument,
    "\n  fragment AddressCard on Address {\n    id\n    recipient\n    phone\n    line1\n    line2\n    city\n    region\n    postalCode\n    country\n    isDefault\n  }\n": typeof types.AddressCardFragmentDoc,
    "\n  query Addresses {\n    me {\n      id\n      addresses {\n        id\n        ...AddressCard\n      }\n    }\n  }\n": typeof types.AddressesDocument,
    "\n  mutation SaveAddress($input: SaveAddressInput!) {\n    saveAddress(input: $input) {\n      user {\n        id\n        addresses {\n          ...AddressCard\n        }\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.SaveAddressDocument,
    "\n  mutation DeleteAddress($input: DeleteAddressInput!) {\n    deleteAddress(input: $input) {\n      user {\n        id\n        addresses {\n          ...AddressCard\n        }\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": typeof types.DeleteAddressDocument,
    "\n  fragment Letter on Notification {\n    id\n    kind\n    title\n    body\n    createdAt\n    readAt\n    order {\n      id\n      number\n    }\n  }\n": typeof types.LetterFragmentDoc,
    "\n  query Inbox($first: Int!) {\n    me {\n      id\n      unreadNotificationCount\n      notifications(first: $first) {\n        totalCount\n        nodes {\n          id\n          ...Letter\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n": typeof types.InboxDocument,
    "\n  mutation MarkRead($input: MarkNotificationsReadInput!) {\n    markNotificationsRead(input: $input) {\n      user {\n        id\n        unreadNotificationCount\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": typeof types.MarkReadDocument,
    "\n  subscription NotificationArrived {\n    notificationReceived {\n      id\n    }\n  }\n": typeof types.NotificationArrivedDocument,
    "\n  fragment OrderRow on Order {\n    id\n    number\n    status\n    placedAt\n    total {\n      ...Money\n    }\n    lines {\n      sku\n      title\n      quantity\n      variant {\n        sku\n        product {\n          id\n          images {\n            ...Picture\n          }\n        }\n      }\n    }\n  }\n": typeof types.OrderRowFragmentDoc,
    "\n  query MyOrders($first: Int!) {\n    me {\n      id\n      orders(first: $first) {\n        nodes {\n          id\n          ...OrderRow\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n": typeof types.MyOrdersDocument,
    "\n  subscription MyOrdersUpdated {\n    myOrdersUpdated {\n      id\n      status\n    }\n  }\n": typeof types.MyOrdersUpdatedDocument,
    "\n  fragment Preferences on NotificationPreferences {\n    email\n    sms\n    push\n    quietHours {\n      from\n      to\n      timeZone\n    }\n    kinds {\n      kind\n      email\n      sms\n      push\n    }\n  }\n": typeof types.PreferencesFragmentDoc,
    "\n  query PreferencesOfMine {\n    me {\n      id\n      phone\n      notificationPreferences {\n        ...Preferences\n      }\n    }\n  }\n": typeof types.PreferencesOfMineDocument,
    "\n  mutation UpdatePreferences($input: UpdateNotificationPreferencesInput!) {\n    updateNotificationPreferences(input: $input) {\n      preferences {\n        ...Preferences\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.UpdatePreferencesDocument,
    "\n  fragment Profile on User {\n    id\n    name\n    email\n    emailVerified\n    phone\n    locale\n  }\n": typeof types.ProfileFragmentDoc,
    "\n  query ProfileOfMine {\n    me {\n      id\n      ...Profile\n    }\n  }\n": typeof types.ProfileOfMineDocument,
    "\n  mutation UpdateProfile($input: UpdateProfileInput!) {\n    updateProfile(input: $input) {\n      user {\n        ...Profile\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.UpdateProfileDocument,
    "\n  query Sessions {\n    me {\n      id\n      sessions {\n        id\n        device\n        ip\n        createdAt\n        lastUsedAt\n        current\n      }\n    }\n  }\n": typeof types.SessionsDocument,
    "\n  mutation RevokeSession($input: RevokeSessionInput!) {\n    revokeSession(input: $input) {\n      user {\n        id\n        sessions {\n          id\n        }\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": typeof types.RevokeSessionDocument,
    "\n  mutation LogOutEverywhere {\n    logOut(input: { everywhere: true }) {\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": typeof types.LogOutEverywhereDocument,
    "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.ChangePasswordDocument,
    "\n  mutation ResendEmailVerification {\n    resendEmailVerification {\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": typeof types.ResendEmailVerificationDocument,
    "\n  mutation SetQuantity($input: SetCartLineQuantityInput!) {\n    setCartLineQuantity(input: $input) {\n      cart {\n        ...Cart\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SetQuantityDocument,
    "\n  mutation Remove($input: RemoveFromCartInput!) {\n    removeFromCart(input: $input) {\n      cart {\n        ...Cart\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.RemoveDocument,
    "\n  fragment Attribute on Attribute {\n    name\n    label\n    value\n    unit\n  }\n": typeof types.AttributeFragmentDoc,
    "\n  fragment Categories on Category {\n    id\n    slug\n    title\n    children {\n      id\n      slug\n      title\n    }\n  }\n": typeof types.CategoriesFragmentDoc,
    "\n  fragment Facet on Facet {\n    name\n    label\n    unit\n    min\n    max\n    values {\n      value\n      label\n      count\n      selected\n    }\n  }\n": typeof types.FacetFragmentDoc,
    "\n  query Listing($search: String, $filter: ProductFilter, $sort: ProductSort, $first: Int) {\n    categories {\n      ...Categories\n    }\n    products(search: $search, filter: $filter, sort: $sort, first: $first) {\n      totalCount\n      priceRange {\n        min {\n          amount\n        }\n        max {\n          amount\n        }\n      }\n      facets {\n        name\n        ...Facet\n      }\n      nodes {\n        id\n        ...ProductCard\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ListingDocument,
    "\n  query Neighbours($category: String!) {\n    products(filter: { category: $category }, first: 5) {\n      nodes {\n        id\n        ...ProductCard\n      }\n    }\n  }\n": typeof types.NeighboursDocument,
    "\n  query NextPage($search: String, $filter: ProductFilter, $sort: ProductSort, $first: Int, $after: String) {\n    products(search: $search, filter: $filter, sort: $sort, first: $first, after: $after) {\n      nodes {\n        id\n        ...ProductCard\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.NextPageDocument,
    "\n  fragment Offer on Variant {\n    sku\n    available\n    inStock\n    price {\n      amount\n      ...Money\n    }\n    compareAtPrice {\n      amount\n      ...Money\n    }\n    attributes {\n      ...Attribute\n    }\n  }\n": typeof types.OfferFragmentDoc,
    "\n  fragment ProductCard on Product {\n    slug\n    title\n    brand\n    images {\n      ...Picture\n    }\n    priceRange {\n      min {\n        amount\n        ...Money\n      }\n      max {\n        amount\n      }\n    }\n    variants {\n      sku\n      inStock\n      price {\n        amount\n      }\n      compareAtPrice {\n        amount\n        ...Money\n      }\n    }\n  }\n": typeof types.ProductCardFragmentDoc,
    "\n  query Product($slug: String!) {\n    product(slug: $slug) {\n      id\n      title\n      description\n      brand\n      category {\n        id\n        slug\n        title\n        parent {\n          id\n          slug\n          title\n        }\n      }\n      images {\n        url\n        ...Picture\n      }\n      attributes {\n        ...Attribute\n      }\n      variants {\n        sku\n        title\n        inStock\n        ...Offer\n      }\n    }\n  }\n": typeof types.ProductDocument,
    "\n  mutation Checkout($input: CheckoutInput!) {\n    checkout(input: $input) {\n      orderKey\n      order {\n        id\n      }\n      userErrors {\n        code\n        message\n        field\n        sku\n        available\n      }\n    }\n  }\n": typeof types.CheckoutDocument,
    "\n  mutation KeepAddress($input: SaveAddressInput!) {\n    saveAddress(input: $input) {\n      user {\n        id\n        addresses {\n          id\n        }\n      }\n      userErrors {\n        code\n      }\n    }\n  }\n": typeof types.KeepAddressDocument,
    "\n  query WaysToPay {\n    paymentGateways {\n      gateway\n      ...PaymentChoice\n    }\n  }\n": typeof types.WaysToPayDocument,
    "\n  query KnownRecipient {\n    me {\n      id\n      ...KnownRecipient\n    }\n  }\n": typeof types.KnownRecipientDocument,
    "\n  fragment KnownRecipient on User {\n    name\n    email\n    phone\n    addresses {\n      id\n      isDefault\n      recipient\n      phone\n      line1\n      line2\n      city\n      region\n      postalCode\n      country\n    }\n  }\n": typeof types.KnownRecipientFragmentDoc,
    "\n  query ShippingMethods($country: String!, $cartId: ID) {\n    shippingMethods(country: $country, cartId: $cartId) {\n      code\n      title\n      estimatedDays\n      price {\n        ...Money\n      }\n    }\n  }\n": typeof types.ShippingMethodsDocument,
    "\n  fragment OrderActions on Order {\n    id\n    status\n    payment {\n      id\n      status\n      failureMessage\n      ...PaymentAction\n    }\n  }\n": typeof types.OrderActionsFragmentDoc,
    "\n  mutation Cancel($input: CancelOrderInput!) {\n    cancelOrder(input: $input) {\n      order {\n        id\n        status\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": typeof types.CancelDocument,
    "\n  query Order($id: ID!, $orderKey: String) {\n    order(id: $id, orderKey: $orderKey) {\n      ...Order\n      ...Refunding\n    }\n  }\n": typeof types.OrderDocument,
    "\n  subscription OrderUpdated($id: ID!, $orderKey: String) {\n    orderUpdated(id: $id, orderKey: $orderKey) {\n      ...Order\n      ...Refunding\n    }\n  }\n": typeof types.OrderUpdatedDocument,
    "\n  fragment Order on Order {\n    id\n    number\n    status\n    placedAt\n    trackingNumber\n    ...Timeline\n    ...OrderActions\n    subtotal {\n      ...Money\n    }\n    shipping {\n      ...Money\n    }\n    total {\n      ...Money\n    }\n    shippingMethod {\n      code\n      title\n      estimatedDays\n    }\n    recipient {\n      name\n      phone\n      email\n      line1\n      line2\n      city\n      region\n      postalCode\n      country\n    }\n    lines {\n      sku\n      title\n      quantity\n      subtotal {\n        ...Money\n      }\n      variant {\n        sku\n        product {\n          id\n          slug\n          images {\n            ...Picture\n          }\n        }\n      }\n    }\n    payment {\n      id\n      refundedAmount {\n        amount\n        ...Money\n      }\n    }\n  }\n": typeof types.OrderFragmentDoc,
    "\n  query WaysToPayAgain {\n    paymentGateways {\n      gateway\n      ...PaymentChoice\n    }\n  }\n": typeof types.WaysToPayAgainDocument,
    "\n  mutation Retry($input: RetryPaymentInput!) {\n    retryPayment(input: $input) {\n      order {\n        id\n        status\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": typeof types.RetryDocument,
    "\n  fragment PaymentAction on Payment {\n    id\n    gateway\n    redirectUrl\n    clientSecret\n  }\n": typeof types.PaymentActionFragmentDoc,
    "\n  query StripeKey {\n    paymentGateways {\n      gateway\n      publishableKey\n    }\n  }\n": typeof types.StripeKeyDocument,
    "\n  fragment Refunding on Order {\n    status\n    payment {\n      id\n      status\n    }\n  }\n": typeof types.RefundingFragmentDoc,
    "\n  fragment Timeline on Order {\n    status\n    history {\n      status\n      at\n      note\n    }\n  }\n": typeof types.TimelineFragmentDoc,
    "\n  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {\n    requestPasswordReset(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.RequestPasswordResetDocument,
    "\n  mutation Register($input: RegisterInput!) {\n    register(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.RegisterDocument,
    "\n  mutation ResetPassword($input: ResetPasswordInput!) {\n    resetPassword(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.ResetPasswordDocument,
    "\n  mutation LogIn($input: LogInInput!) {\n    logIn(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.LogInDocument,
    "\n  mutation VerifyEmail($input: VerifyEmailInput!) {\n    verifyEmail(input: $input) {\n      user {\n        id\n        email\n        emailVerified\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.VerifyEmailDocument,
    "\n  query Board($status: OrderStatus, $search: String, $flagged: Boolean!, $first: Int!) {\n    orders(status: $status, search: $search, flagged: $flagged, first: $first) {\n      totalCount\n      nodes {\n        id\n        ...BoardRow\n        ...Flag\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n": typeof types.BoardDocument,
    "\n  subscription NewOrders {\n    newOrders {\n      id\n      number\n    }\n  }\n": typeof types.NewOrdersDocument,
    "\n  fragment BoardRow on Order {\n    id\n    number\n    status\n    placedAt\n    trackingNumber\n    recipient {\n      name\n      city\n    }\n    shippingMethod {\n      code\n      title\n    }\n    total {\n      ...Money\n    }\n    lines {\n      sku\n      title\n      quantity\n    }\n  }\n": typeof types.BoardRowFragmentDoc,
    "\n  subscription BoardRowUpdated($id: ID!) {\n    orderUpdated(id: $id) {\n      ...BoardRow\n    }\n  }\n": typeof types.BoardRowUpdatedDocument,
    "\n  mutation Assemble($input: OrderIdInput!) {\n    assembleOrder(input: $input) {\n      order {\n        ...BoardRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.AssembleDocument,
    "\n  mutation HandOver($input: HandOrderToDeliveryInput!) {\n    handOrderToDelivery(input: $input) {\n      order {\n        ...BoardRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.HandOverDocument,
    "\n  mutation Deliver($input: OrderIdInput!) {\n    deliverOrder(input: $input) {\n      order {\n        ...BoardRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.DeliverDocument,
    "\n  fragment Flag on Order {\n    id\n    number\n    flag {\n      reason\n    }\n    payment {\n      id\n      attention\n    }\n  }\n": typeof types.FlagFragmentDoc,
    "\n  mutation FlagOrder($input: FlagOrderInput!) {\n    flagOrder(input: $input) {\n      order {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.FlagOrderDocument,
    "\n  mutation UnflagOrder($input: OrderIdInput!) {\n    unflagOrder(input: $input) {\n      order {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.UnflagOrderDocument,
    "\n  mutation Refund($input: RefundPaymentInput!) {\n    refundPayment(input: $input) {\n      payment {\n        id\n        status\n        order {\n          id\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.RefundDocument,
    "\n  mutation SettleAttention($input: SettleAttentionInput!) {\n    settleAttention(input: $input) {\n      payment {\n        id\n        attention\n        order {\n          id\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SettleAttentionDocument,
    "\n  fragment StockRow on Product {\n    id\n    slug\n    title\n    images {\n      ...Picture\n    }\n    variants {\n      sku\n      title\n      available\n    }\n  }\n": typeof types.StockRowFragmentDoc,
    "\n  query Stock($search: String, $first: Int!) {\n    products(search: $search, first: $first, sort: TITLE) {\n      totalCount\n      nodes {\n        id\n        ...StockRow\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n": typeof types.StockDocument,
    "\n  mutation SetStock($input: SetStockInput!) {\n    setStock(input: $input) {\n      variant {\n        sku\n        available\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.SetStockDocument,
    "\n  query UnreadCount {\n    me {\n      id\n      unreadNotificationCount\n    }\n  }\n": typeof types.UnreadCountDocument,
    "\n  subscription NotificationReceived {\n    notificationReceived {\n      id\n      title\n      body\n      order {\n        id\n      }\n    }\n  }\n": typeof types.NotificationReceivedDocument,
    "\n  query Suggestions($prefix: String!) {\n    suggestions(prefix: $prefix, first: 6)\n  }\n": typeof types.SuggestionsDocument,
    "\n  fragment PaymentChoice on PaymentGatewayInfo {\n    gateway\n    tokens\n  }\n": typeof types.PaymentChoiceFragmentDoc,
    "\n  fragment Money on Money {\n    amount\n    currency\n  }\n": typeof types.MoneyFragmentDoc,
    "\n  fragment Picture on Image {\n    url\n    alt\n  }\n": typeof types.PictureFragmentDoc,
};
const documents: Documents = {
    "\n  fragment Cart on Cart {\n    id\n    itemCount\n    total {\n      ...Money\n    }\n    lines {\n      id\n      quantity\n      unitPrice {\n        ...Money\n      }\n      subtotal {\n        ...Money\n      }\n      variant {\n        sku\n        title\n        available\n        product {\n          id\n          slug\n          title\n          images {\n            ...Picture\n          }\n        }\n      }\n    }\n  }\n": types.CartFragmentDoc,
    "\n  query MyCart {\n    me {\n      id\n      cart {\n        ...Cart\n      }\n    }\n  }\n": types.MyCartDocument,
    "\n  query GuestCart($id: ID!) {\n    cart(id: $id) {\n      ...Cart\n    }\n  }\n": types.GuestCartDocument,
    "\n  mutation AddToCart($input: AddToCartInput!) {\n    addToCart(input: $input) {\n      cart {\n        ...Cart\n        id\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": types.AddToCartDocument,
    "\n  query Me {\n    me {\n      id\n      name\n      email\n      emailVerified\n      roles\n    }\n  }\n": types.MeDocument,
    "\n  mutation LogOut {\n    logOut(input: {}) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.LogOutDocument,
    "\n  fragment AddressCard on Address {\n    id\n    recipient\n    phone\n    line1\n    line2\n    city\n    region\n    postalCode\n    country\n    isDefault\n  }\n": types.AddressCardFragmentDoc,
    "\n  query Addresses {\n    me {\n      id\n      addresses {\n        id\n        ...AddressCard\n      }\n    }\n  }\n": types.AddressesDocument,
    "\n  mutation SaveAddress($input: SaveAddressInput!) {\n    saveAddress(input: $input) {\n      user {\n        id\n        addresses {\n          ...AddressCard\n        }\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.SaveAddressDocument,
    "\n  mutation DeleteAddress($input: DeleteAddressInput!) {\n    deleteAddress(input: $input) {\n      user {\n        id\n        addresses {\n          ...AddressCard\n        }\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": types.DeleteAddressDocument,
    "\n  fragment Letter on Notification {\n    id\n    kind\n    title\n    body\n    createdAt\n    readAt\n    order {\n      id\n      number\n    }\n  }\n": types.LetterFragmentDoc,
    "\n  query Inbox($first: Int!) {\n    me {\n      id\n      unreadNotificationCount\n      notifications(first: $first) {\n        totalCount\n        nodes {\n          id\n          ...Letter\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n": types.InboxDocument,
    "\n  mutation MarkRead($input: MarkNotificationsReadInput!) {\n    markNotificationsRead(input: $input) {\n      user {\n        id\n        unreadNotificationCount\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": types.MarkReadDocument,
    "\n  subscription NotificationArrived {\n    notificationReceived {\n      id\n    }\n  }\n": types.NotificationArrivedDocument,
    "\n  fragment OrderRow on Order {\n    id\n    number\n    status\n    placedAt\n    total {\n      ...Money\n    }\n    lines {\n      sku\n      title\n      quantity\n      variant {\n        sku\n        product {\n          id\n          images {\n            ...Picture\n          }\n        }\n      }\n    }\n  }\n": types.OrderRowFragmentDoc,
    "\n  query MyOrders($first: Int!) {\n    me {\n      id\n      orders(first: $first) {\n        nodes {\n          id\n          ...OrderRow\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n": types.MyOrdersDocument,
    "\n  subscription MyOrdersUpdated {\n    myOrdersUpdated {\n      id\n      status\n    }\n  }\n": types.MyOrdersUpdatedDocument,
    "\n  fragment Preferences on NotificationPreferences {\n    email\n    sms\n    push\n    quietHours {\n      from\n      to\n      timeZone\n    }\n    kinds {\n      kind\n      email\n      sms\n      push\n    }\n  }\n": types.PreferencesFragmentDoc,
    "\n  query PreferencesOfMine {\n    me {\n      id\n      phone\n      notificationPreferences {\n        ...Preferences\n      }\n    }\n  }\n": types.PreferencesOfMineDocument,
    "\n  mutation UpdatePreferences($input: UpdateNotificationPreferencesInput!) {\n    updateNotificationPreferences(input: $input) {\n      preferences {\n        ...Preferences\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.UpdatePreferencesDocument,
    "\n  fragment Profile on User {\n    id\n    name\n    email\n    emailVerified\n    phone\n    locale\n  }\n": types.ProfileFragmentDoc,
    "\n  query ProfileOfMine {\n    me {\n      id\n      ...Profile\n    }\n  }\n": types.ProfileOfMineDocument,
    "\n  mutation UpdateProfile($input: UpdateProfileInput!) {\n    updateProfile(input: $input) {\n      user {\n        ...Profile\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.UpdateProfileDocument,
    "\n  query Sessions {\n    me {\n      id\n      sessions {\n        id\n        device\n        ip\n        createdAt\n        lastUsedAt\n        current\n      }\n    }\n  }\n": types.SessionsDocument,
    "\n  mutation RevokeSession($input: RevokeSessionInput!) {\n    revokeSession(input: $input) {\n      user {\n        id\n        sessions {\n          id\n        }\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": types.RevokeSessionDocument,
    "\n  mutation LogOutEverywhere {\n    logOut(input: { everywhere: true }) {\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": types.LogOutEverywhereDocument,
    "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.ChangePasswordDocument,
    "\n  mutation ResendEmailVerification {\n    resendEmailVerification {\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": types.ResendEmailVerificationDocument,
    "\n  mutation SetQuantity($input: SetCartLineQuantityInput!) {\n    setCartLineQuantity(input: $input) {\n      cart {\n        ...Cart\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SetQuantityDocument,
    "\n  mutation Remove($input: RemoveFromCartInput!) {\n    removeFromCart(input: $input) {\n      cart {\n        ...Cart\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.RemoveDocument,
    "\n  fragment Attribute on Attribute {\n    name\n    label\n    value\n    unit\n  }\n": types.AttributeFragmentDoc,
    "\n  fragment Categories on Category {\n    id\n    slug\n    title\n    children {\n      id\n      slug\n      title\n    }\n  }\n": types.CategoriesFragmentDoc,
    "\n  fragment Facet on Facet {\n    name\n    label\n    unit\n    min\n    max\n    values {\n      value\n      label\n      count\n      selected\n    }\n  }\n": types.FacetFragmentDoc,
    "\n  query Listing($search: String, $filter: ProductFilter, $sort: ProductSort, $first: Int) {\n    categories {\n      ...Categories\n    }\n    products(search: $search, filter: $filter, sort: $sort, first: $first) {\n      totalCount\n      priceRange {\n        min {\n          amount\n        }\n        max {\n          amount\n        }\n      }\n      facets {\n        name\n        ...Facet\n      }\n      nodes {\n        id\n        ...ProductCard\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ListingDocument,
    "\n  query Neighbours($category: String!) {\n    products(filter: { category: $category }, first: 5) {\n      nodes {\n        id\n        ...ProductCard\n      }\n    }\n  }\n": types.NeighboursDocument,
    "\n  query NextPage($search: String, $filter: ProductFilter, $sort: ProductSort, $first: Int, $after: String) {\n    products(search: $search, filter: $filter, sort: $sort, first: $first, after: $after) {\n      nodes {\n        id\n        ...ProductCard\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.NextPageDocument,
    "\n  fragment Offer on Variant {\n    sku\n    available\n    inStock\n    price {\n      amount\n      ...Money\n    }\n    compareAtPrice {\n      amount\n      ...Money\n    }\n    attributes {\n      ...Attribute\n    }\n  }\n": types.OfferFragmentDoc,
    "\n  fragment ProductCard on Product {\n    slug\n    title\n    brand\n    images {\n      ...Picture\n    }\n    priceRange {\n      min {\n        amount\n        ...Money\n      }\n      max {\n        amount\n      }\n    }\n    variants {\n      sku\n      inStock\n      price {\n        amount\n      }\n      compareAtPrice {\n        amount\n        ...Money\n      }\n    }\n  }\n": types.ProductCardFragmentDoc,
    "\n  query Product($slug: String!) {\n    product(slug: $slug) {\n      id\n      title\n      description\n      brand\n      category {\n        id\n        slug\n        title\n        parent {\n          id\n          slug\n          title\n        }\n      }\n      images {\n        url\n        ...Picture\n      }\n      attributes {\n        ...Attribute\n      }\n      variants {\n        sku\n        title\n        inStock\n        ...Offer\n      }\n    }\n  }\n": types.ProductDocument,
    "\n  mutation Checkout($input: CheckoutInput!) {\n    checkout(input: $input) {\n      orderKey\n      order {\n        id\n      }\n      userErrors {\n        code\n        message\n        field\n        sku\n        available\n      }\n    }\n  }\n": types.CheckoutDocument,
    "\n  mutation KeepAddress($input: SaveAddressInput!) {\n    saveAddress(input: $input) {\n      user {\n        id\n        addresses {\n          id\n        }\n      }\n      userErrors {\n        code\n      }\n    }\n  }\n": types.KeepAddressDocument,
    "\n  query WaysToPay {\n    paymentGateways {\n      gateway\n      ...PaymentChoice\n    }\n  }\n": types.WaysToPayDocument,
    "\n  query KnownRecipient {\n    me {\n      id\n      ...KnownRecipient\n    }\n  }\n": types.KnownRecipientDocument,
    "\n  fragment KnownRecipient on User {\n    name\n    email\n    phone\n    addresses {\n      id\n      isDefault\n      recipient\n      phone\n      line1\n      line2\n      city\n      region\n      postalCode\n      country\n    }\n  }\n": types.KnownRecipientFragmentDoc,
    "\n  query ShippingMethods($country: String!, $cartId: ID) {\n    shippingMethods(country: $country, cartId: $cartId) {\n      code\n      title\n      estimatedDays\n      price {\n        ...Money\n      }\n    }\n  }\n": types.ShippingMethodsDocument,
    "\n  fragment OrderActions on Order {\n    id\n    status\n    payment {\n      id\n      status\n      failureMessage\n      ...PaymentAction\n    }\n  }\n": types.OrderActionsFragmentDoc,
    "\n  mutation Cancel($input: CancelOrderInput!) {\n    cancelOrder(input: $input) {\n      order {\n        id\n        status\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": types.CancelDocument,
    "\n  query Order($id: ID!, $orderKey: String) {\n    order(id: $id, orderKey: $orderKey) {\n      ...Order\n      ...Refunding\n    }\n  }\n": types.OrderDocument,
    "\n  subscription OrderUpdated($id: ID!, $orderKey: String) {\n    orderUpdated(id: $id, orderKey: $orderKey) {\n      ...Order\n      ...Refunding\n    }\n  }\n": types.OrderUpdatedDocument,
    "\n  fragment Order on Order {\n    id\n    number\n    status\n    placedAt\n    trackingNumber\n    ...Timeline\n    ...OrderActions\n    subtotal {\n      ...Money\n    }\n    shipping {\n      ...Money\n    }\n    total {\n      ...Money\n    }\n    shippingMethod {\n      code\n      title\n      estimatedDays\n    }\n    recipient {\n      name\n      phone\n      email\n      line1\n      line2\n      city\n      region\n      postalCode\n      country\n    }\n    lines {\n      sku\n      title\n      quantity\n      subtotal {\n        ...Money\n      }\n      variant {\n        sku\n        product {\n          id\n          slug\n          images {\n            ...Picture\n          }\n        }\n      }\n    }\n    payment {\n      id\n      refundedAmount {\n        amount\n        ...Money\n      }\n    }\n  }\n": types.OrderFragmentDoc,
    "\n  query WaysToPayAgain {\n    paymentGateways {\n      gateway\n      ...PaymentChoice\n    }\n  }\n": types.WaysToPayAgainDocument,
    "\n  mutation Retry($input: RetryPaymentInput!) {\n    retryPayment(input: $input) {\n      order {\n        id\n        status\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": types.RetryDocument,
    "\n  fragment PaymentAction on Payment {\n    id\n    gateway\n    redirectUrl\n    clientSecret\n  }\n": types.PaymentActionFragmentDoc,
    "\n  query StripeKey {\n    paymentGateways {\n      gateway\n      publishableKey\n    }\n  }\n": types.StripeKeyDocument,
    "\n  fragment Refunding on Order {\n    status\n    payment {\n      id\n      status\n    }\n  }\n": types.RefundingFragmentDoc,
    "\n  fragment Timeline on Order {\n    status\n    history {\n      status\n      at\n      note\n    }\n  }\n": types.TimelineFragmentDoc,
    "\n  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {\n    requestPasswordReset(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.RequestPasswordResetDocument,
    "\n  mutation Register($input: RegisterInput!) {\n    register(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.RegisterDocument,
    "\n  mutation ResetPassword($input: ResetPasswordInput!) {\n    resetPassword(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.ResetPasswordDocument,
    "\n  mutation LogIn($input: LogInInput!) {\n    logIn(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.LogInDocument,
    "\n  mutation VerifyEmail($input: VerifyEmailInput!) {\n    verifyEmail(input: $input) {\n      user {\n        id\n        email\n        emailVerified\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.VerifyEmailDocument,
    "\n  query Board($status: OrderStatus, $search: String, $flagged: Boolean!, $first: Int!) {\n    orders(status: $status, search: $search, flagged: $flagged, first: $first) {\n      totalCount\n      nodes {\n        id\n        ...BoardRow\n        ...Flag\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n": types.BoardDocument,
    "\n  subscription NewOrders {\n    newOrders {\n      id\n      number\n    }\n  }\n": types.NewOrdersDocument,
    "\n  fragment BoardRow on Order {\n    id\n    number\n    status\n    placedAt\n    trackingNumber\n    recipient {\n      name\n      city\n    }\n    shippingMethod {\n      code\n      title\n    }\n    total {\n      ...Money\n    }\n    lines {\n      sku\n      title\n      quantity\n    }\n  }\n": types.BoardRowFragmentDoc,
    "\n  subscription BoardRowUpdated($id: ID!) {\n    orderUpdated(id: $id) {\n      ...BoardRow\n    }\n  }\n": types.BoardRowUpdatedDocument,
    "\n  mutation Assemble($input: OrderIdInput!) {\n    assembleOrder(input: $input) {\n      order {\n        ...BoardRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.AssembleDocument,
    "\n  mutation HandOver($input: HandOrderToDeliveryInput!) {\n    handOrderToDelivery(input: $input) {\n      order {\n        ...BoardRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.HandOverDocument,
    "\n  mutation Deliver($input: OrderIdInput!) {\n    deliverOrder(input: $input) {\n      order {\n        ...BoardRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.DeliverDocument,
    "\n  fragment Flag on Order {\n    id\n    number\n    flag {\n      reason\n    }\n    payment {\n      id\n      attention\n    }\n  }\n": types.FlagFragmentDoc,
    "\n  mutation FlagOrder($input: FlagOrderInput!) {\n    flagOrder(input: $input) {\n      order {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.FlagOrderDocument,
    "\n  mutation UnflagOrder($input: OrderIdInput!) {\n    unflagOrder(input: $input) {\n      order {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.UnflagOrderDocument,
    "\n  mutation Refund($input: RefundPaymentInput!) {\n    refundPayment(input: $input) {\n      payment {\n        id\n        status\n        order {\n          id\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.RefundDocument,
    "\n  mutation SettleAttention($input: SettleAttentionInput!) {\n    settleAttention(input: $input) {\n      payment {\n        id\n        attention\n        order {\n          id\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SettleAttentionDocument,
    "\n  fragment StockRow on Product {\n    id\n    slug\n    title\n    images {\n      ...Picture\n    }\n    variants {\n      sku\n      title\n      available\n    }\n  }\n": types.StockRowFragmentDoc,
    "\n  query Stock($search: String, $first: Int!) {\n    products(search: $search, first: $first, sort: TITLE) {\n      totalCount\n      nodes {\n        id\n        ...StockRow\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n": types.StockDocument,
    "\n  mutation SetStock($input: SetStockInput!) {\n    setStock(input: $input) {\n      variant {\n        sku\n        available\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.SetStockDocument,
    "\n  query UnreadCount {\n    me {\n      id\n      unreadNotificationCount\n    }\n  }\n": types.UnreadCountDocument,
    "\n  subscription NotificationReceived {\n    notificationReceived {\n      id\n      title\n      body\n      order {\n        id\n      }\n    }\n  }\n": types.NotificationReceivedDocument,
    "\n  query Suggestions($prefix: String!) {\n    suggestions(prefix: $prefix, first: 6)\n  }\n": types.SuggestionsDocument,
    "\n  fragment PaymentChoice on PaymentGatewayInfo {\n    gateway\n    tokens\n  }\n": types.PaymentChoiceFragmentDoc,
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
export function graphql(source: "\n  query Me {\n    me {\n      id\n      name\n      email\n      emailVerified\n      roles\n    }\n  }\n"): (typeof documents)["\n  query Me {\n    me {\n      id\n      name\n      email\n      emailVerified\n      roles\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LogOut {\n    logOut(input: {}) {\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation LogOut {\n    logOut(input: {}) {\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AddressCard on Address {\n    id\n    recipient\n    phone\n    line1\n    line2\n    city\n    region\n    postalCode\n    country\n    isDefault\n  }\n"): (typeof documents)["\n  fragment AddressCard on Address {\n    id\n    recipient\n    phone\n    line1\n    line2\n    city\n    region\n    postalCode\n    country\n    isDefault\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Addresses {\n    me {\n      id\n      addresses {\n        id\n        ...AddressCard\n      }\n    }\n  }\n"): (typeof documents)["\n  query Addresses {\n    me {\n      id\n      addresses {\n        id\n        ...AddressCard\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SaveAddress($input: SaveAddressInput!) {\n    saveAddress(input: $input) {\n      user {\n        id\n        addresses {\n          ...AddressCard\n        }\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SaveAddress($input: SaveAddressInput!) {\n    saveAddress(input: $input) {\n      user {\n        id\n        addresses {\n          ...AddressCard\n        }\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteAddress($input: DeleteAddressInput!) {\n    deleteAddress(input: $input) {\n      user {\n        id\n        addresses {\n          ...AddressCard\n        }\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteAddress($input: DeleteAddressInput!) {\n    deleteAddress(input: $input) {\n      user {\n        id\n        addresses {\n          ...AddressCard\n        }\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Letter on Notification {\n    id\n    kind\n    title\n    body\n    createdAt\n    readAt\n    order {\n      id\n      number\n    }\n  }\n"): (typeof documents)["\n  fragment Letter on Notification {\n    id\n    kind\n    title\n    body\n    createdAt\n    readAt\n    order {\n      id\n      number\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Inbox($first: Int!) {\n    me {\n      id\n      unreadNotificationCount\n      notifications(first: $first) {\n        totalCount\n        nodes {\n          id\n          ...Letter\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Inbox($first: Int!) {\n    me {\n      id\n      unreadNotificationCount\n      notifications(first: $first) {\n        totalCount\n        nodes {\n          id\n          ...Letter\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MarkRead($input: MarkNotificationsReadInput!) {\n    markNotificationsRead(input: $input) {\n      user {\n        id\n        unreadNotificationCount\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation MarkRead($input: MarkNotificationsReadInput!) {\n    markNotificationsRead(input: $input) {\n      user {\n        id\n        unreadNotificationCount\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription NotificationArrived {\n    notificationReceived {\n      id\n    }\n  }\n"): (typeof documents)["\n  subscription NotificationArrived {\n    notificationReceived {\n      id\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment OrderRow on Order {\n    id\n    number\n    status\n    placedAt\n    total {\n      ...Money\n    }\n    lines {\n      sku\n      title\n      quantity\n      variant {\n        sku\n        product {\n          id\n          images {\n            ...Picture\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment OrderRow on Order {\n    id\n    number\n    status\n    placedAt\n    total {\n      ...Money\n    }\n    lines {\n      sku\n      title\n      quantity\n      variant {\n        sku\n        product {\n          id\n          images {\n            ...Picture\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MyOrders($first: Int!) {\n    me {\n      id\n      orders(first: $first) {\n        nodes {\n          id\n          ...OrderRow\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query MyOrders($first: Int!) {\n    me {\n      id\n      orders(first: $first) {\n        nodes {\n          id\n          ...OrderRow\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription MyOrdersUpdated {\n    myOrdersUpdated {\n      id\n      status\n    }\n  }\n"): (typeof documents)["\n  subscription MyOrdersUpdated {\n    myOrdersUpdated {\n      id\n      status\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Preferences on NotificationPreferences {\n    email\n    sms\n    push\n    quietHours {\n      from\n      to\n      timeZone\n    }\n    kinds {\n      kind\n      email\n      sms\n      push\n    }\n  }\n"): (typeof documents)["\n  fragment Preferences on NotificationPreferences {\n    email\n    sms\n    push\n    quietHours {\n      from\n      to\n      timeZone\n    }\n    kinds {\n      kind\n      email\n      sms\n      push\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PreferencesOfMine {\n    me {\n      id\n      phone\n      notificationPreferences {\n        ...Preferences\n      }\n    }\n  }\n"): (typeof documents)["\n  query PreferencesOfMine {\n    me {\n      id\n      phone\n      notificationPreferences {\n        ...Preferences\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdatePreferences($input: UpdateNotificationPreferencesInput!) {\n    updateNotificationPreferences(input: $input) {\n      preferences {\n        ...Preferences\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdatePreferences($input: UpdateNotificationPreferencesInput!) {\n    updateNotificationPreferences(input: $input) {\n      preferences {\n        ...Preferences\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Profile on User {\n    id\n    name\n    email\n    emailVerified\n    phone\n    locale\n  }\n"): (typeof documents)["\n  fragment Profile on User {\n    id\n    name\n    email\n    emailVerified\n    phone\n    locale\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ProfileOfMine {\n    me {\n      id\n      ...Profile\n    }\n  }\n"): (typeof documents)["\n  query ProfileOfMine {\n    me {\n      id\n      ...Profile\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateProfile($input: UpdateProfileInput!) {\n    updateProfile(input: $input) {\n      user {\n        ...Profile\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateProfile($input: UpdateProfileInput!) {\n    updateProfile(input: $input) {\n      user {\n        ...Profile\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Sessions {\n    me {\n      id\n      sessions {\n        id\n        device\n        ip\n        createdAt\n        lastUsedAt\n        current\n      }\n    }\n  }\n"): (typeof documents)["\n  query Sessions {\n    me {\n      id\n      sessions {\n        id\n        device\n        ip\n        createdAt\n        lastUsedAt\n        current\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeSession($input: RevokeSessionInput!) {\n    revokeSession(input: $input) {\n      user {\n        id\n        sessions {\n          id\n        }\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RevokeSession($input: RevokeSessionInput!) {\n    revokeSession(input: $input) {\n      user {\n        id\n        sessions {\n          id\n        }\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LogOutEverywhere {\n    logOut(input: { everywhere: true }) {\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation LogOutEverywhere {\n    logOut(input: { everywhere: true }) {\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResendEmailVerification {\n    resendEmailVerification {\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ResendEmailVerification {\n    resendEmailVerification {\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"];
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
export function graphql(source: "\n  fragment Attribute on Attribute {\n    name\n    label\n    value\n    unit\n  }\n"): (typeof documents)["\n  fragment Attribute on Attribute {\n    name\n    label\n    value\n    unit\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Categories on Category {\n    id\n    slug\n    title\n    children {\n      id\n      slug\n      title\n    }\n  }\n"): (typeof documents)["\n  fragment Categories on Category {\n    id\n    slug\n    title\n    children {\n      id\n      slug\n      title\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Facet on Facet {\n    name\n    label\n    unit\n    min\n    max\n    values {\n      value\n      label\n      count\n      selected\n    }\n  }\n"): (typeof documents)["\n  fragment Facet on Facet {\n    name\n    label\n    unit\n    min\n    max\n    values {\n      value\n      label\n      count\n      selected\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Listing($search: String, $filter: ProductFilter, $sort: ProductSort, $first: Int) {\n    categories {\n      ...Categories\n    }\n    products(search: $search, filter: $filter, sort: $sort, first: $first) {\n      totalCount\n      priceRange {\n        min {\n          amount\n        }\n        max {\n          amount\n        }\n      }\n      facets {\n        name\n        ...Facet\n      }\n      nodes {\n        id\n        ...ProductCard\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Listing($search: String, $filter: ProductFilter, $sort: ProductSort, $first: Int) {\n    categories {\n      ...Categories\n    }\n    products(search: $search, filter: $filter, sort: $sort, first: $first) {\n      totalCount\n      priceRange {\n        min {\n          amount\n        }\n        max {\n          amount\n        }\n      }\n      facets {\n        name\n        ...Facet\n      }\n      nodes {\n        id\n        ...ProductCard\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Neighbours($category: String!) {\n    products(filter: { category: $category }, first: 5) {\n      nodes {\n        id\n        ...ProductCard\n      }\n    }\n  }\n"): (typeof documents)["\n  query Neighbours($category: String!) {\n    products(filter: { category: $category }, first: 5) {\n      nodes {\n        id\n        ...ProductCard\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query NextPage($search: String, $filter: ProductFilter, $sort: ProductSort, $first: Int, $after: String) {\n    products(search: $search, filter: $filter, sort: $sort, first: $first, after: $after) {\n      nodes {\n        id\n        ...ProductCard\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query NextPage($search: String, $filter: ProductFilter, $sort: ProductSort, $first: Int, $after: String) {\n    products(search: $search, filter: $filter, sort: $sort, first: $first, after: $after) {\n      nodes {\n        id\n        ...ProductCard\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Offer on Variant {\n    sku\n    available\n    inStock\n    price {\n      amount\n      ...Money\n    }\n    compareAtPrice {\n      amount\n      ...Money\n    }\n    attributes {\n      ...Attribute\n    }\n  }\n"): (typeof documents)["\n  fragment Offer on Variant {\n    sku\n    available\n    inStock\n    price {\n      amount\n      ...Money\n    }\n    compareAtPrice {\n      amount\n      ...Money\n    }\n    attributes {\n      ...Attribute\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ProductCard on Product {\n    slug\n    title\n    brand\n    images {\n      ...Picture\n    }\n    priceRange {\n      min {\n        amount\n        ...Money\n      }\n      max {\n        amount\n      }\n    }\n    variants {\n      sku\n      inStock\n      price {\n        amount\n      }\n      compareAtPrice {\n        amount\n        ...Money\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment ProductCard on Product {\n    slug\n    title\n    brand\n    images {\n      ...Picture\n    }\n    priceRange {\n      min {\n        amount\n        ...Money\n      }\n      max {\n        amount\n      }\n    }\n    variants {\n      sku\n      inStock\n      price {\n        amount\n      }\n      compareAtPrice {\n        amount\n        ...Money\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Product($slug: String!) {\n    product(slug: $slug) {\n      id\n      title\n      description\n      brand\n      category {\n        id\n        slug\n        title\n        parent {\n          id\n          slug\n          title\n        }\n      }\n      images {\n        url\n        ...Picture\n      }\n      attributes {\n        ...Attribute\n      }\n      variants {\n        sku\n        title\n        inStock\n        ...Offer\n      }\n    }\n  }\n"): (typeof documents)["\n  query Product($slug: String!) {\n    product(slug: $slug) {\n      id\n      title\n      description\n      brand\n      category {\n        id\n        slug\n        title\n        parent {\n          id\n          slug\n          title\n        }\n      }\n      images {\n        url\n        ...Picture\n      }\n      attributes {\n        ...Attribute\n      }\n      variants {\n        sku\n        title\n        inStock\n        ...Offer\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Checkout($input: CheckoutInput!) {\n    checkout(input: $input) {\n      orderKey\n      order {\n        id\n      }\n      userErrors {\n        code\n        message\n        field\n        sku\n        available\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Checkout($input: CheckoutInput!) {\n    checkout(input: $input) {\n      orderKey\n      order {\n        id\n      }\n      userErrors {\n        code\n        message\n        field\n        sku\n        available\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation KeepAddress($input: SaveAddressInput!) {\n    saveAddress(input: $input) {\n      user {\n        id\n        addresses {\n          id\n        }\n      }\n      userErrors {\n        code\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation KeepAddress($input: SaveAddressInput!) {\n    saveAddress(input: $input) {\n      user {\n        id\n        addresses {\n          id\n        }\n      }\n      userErrors {\n        code\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WaysToPay {\n    paymentGateways {\n      gateway\n      ...PaymentChoice\n    }\n  }\n"): (typeof documents)["\n  query WaysToPay {\n    paymentGateways {\n      gateway\n      ...PaymentChoice\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query KnownRecipient {\n    me {\n      id\n      ...KnownRecipient\n    }\n  }\n"): (typeof documents)["\n  query KnownRecipient {\n    me {\n      id\n      ...KnownRecipient\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment KnownRecipient on User {\n    name\n    email\n    phone\n    addresses {\n      id\n      isDefault\n      recipient\n      phone\n      line1\n      line2\n      city\n      region\n      postalCode\n      country\n    }\n  }\n"): (typeof documents)["\n  fragment KnownRecipient on User {\n    name\n    email\n    phone\n    addresses {\n      id\n      isDefault\n      recipient\n      phone\n      line1\n      line2\n      city\n      region\n      postalCode\n      country\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ShippingMethods($country: String!, $cartId: ID) {\n    shippingMethods(country: $country, cartId: $cartId) {\n      code\n      title\n      estimatedDays\n      price {\n        ...Money\n      }\n    }\n  }\n"): (typeof documents)["\n  query ShippingMethods($country: String!, $cartId: ID) {\n    shippingMethods(country: $country, cartId: $cartId) {\n      code\n      title\n      estimatedDays\n      price {\n        ...Money\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment OrderActions on Order {\n    id\n    status\n    payment {\n      id\n      status\n      failureMessage\n      ...PaymentAction\n    }\n  }\n"): (typeof documents)["\n  fragment OrderActions on Order {\n    id\n    status\n    payment {\n      id\n      status\n      failureMessage\n      ...PaymentAction\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Cancel($input: CancelOrderInput!) {\n    cancelOrder(input: $input) {\n      order {\n        id\n        status\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Cancel($input: CancelOrderInput!) {\n    cancelOrder(input: $input) {\n      order {\n        id\n        status\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Order($id: ID!, $orderKey: String) {\n    order(id: $id, orderKey: $orderKey) {\n      ...Order\n      ...Refunding\n    }\n  }\n"): (typeof documents)["\n  query Order($id: ID!, $orderKey: String) {\n    order(id: $id, orderKey: $orderKey) {\n      ...Order\n      ...Refunding\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription OrderUpdated($id: ID!, $orderKey: String) {\n    orderUpdated(id: $id, orderKey: $orderKey) {\n      ...Order\n      ...Refunding\n    }\n  }\n"): (typeof documents)["\n  subscription OrderUpdated($id: ID!, $orderKey: String) {\n    orderUpdated(id: $id, orderKey: $orderKey) {\n      ...Order\n      ...Refunding\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Order on Order {\n    id\n    number\n    status\n    placedAt\n    trackingNumber\n    ...Timeline\n    ...OrderActions\n    subtotal {\n      ...Money\n    }\n    shipping {\n      ...Money\n    }\n    total {\n      ...Money\n    }\n    shippingMethod {\n      code\n      title\n      estimatedDays\n    }\n    recipient {\n      name\n      phone\n      email\n      line1\n      line2\n      city\n      region\n      postalCode\n      country\n    }\n    lines {\n      sku\n      title\n      quantity\n      subtotal {\n        ...Money\n      }\n      variant {\n        sku\n        product {\n          id\n          slug\n          images {\n            ...Picture\n          }\n        }\n      }\n    }\n    payment {\n      id\n      refundedAmount {\n        amount\n        ...Money\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment Order on Order {\n    id\n    number\n    status\n    placedAt\n    trackingNumber\n    ...Timeline\n    ...OrderActions\n    subtotal {\n      ...Money\n    }\n    shipping {\n      ...Money\n    }\n    total {\n      ...Money\n    }\n    shippingMethod {\n      code\n      title\n      estimatedDays\n    }\n    recipient {\n      name\n      phone\n      email\n      line1\n      line2\n      city\n      region\n      postalCode\n      country\n    }\n    lines {\n      sku\n      title\n      quantity\n      subtotal {\n        ...Money\n      }\n      variant {\n        sku\n        product {\n          id\n          slug\n          images {\n            ...Picture\n          }\n        }\n      }\n    }\n    payment {\n      id\n      refundedAmount {\n        amount\n        ...Money\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WaysToPayAgain {\n    paymentGateways {\n      gateway\n      ...PaymentChoice\n    }\n  }\n"): (typeof documents)["\n  query WaysToPayAgain {\n    paymentGateways {\n      gateway\n      ...PaymentChoice\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Retry($input: RetryPaymentInput!) {\n    retryPayment(input: $input) {\n      order {\n        id\n        status\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Retry($input: RetryPaymentInput!) {\n    retryPayment(input: $input) {\n      order {\n        id\n        status\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PaymentAction on Payment {\n    id\n    gateway\n    redirectUrl\n    clientSecret\n  }\n"): (typeof documents)["\n  fragment PaymentAction on Payment {\n    id\n    gateway\n    redirectUrl\n    clientSecret\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StripeKey {\n    paymentGateways {\n      gateway\n      publishableKey\n    }\n  }\n"): (typeof documents)["\n  query StripeKey {\n    paymentGateways {\n      gateway\n      publishableKey\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Refunding on Order {\n    status\n    payment {\n      id\n      status\n    }\n  }\n"): (typeof documents)["\n  fragment Refunding on Order {\n    status\n    payment {\n      id\n      status\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Timeline on Order {\n    status\n    history {\n      status\n      at\n      note\n    }\n  }\n"): (typeof documents)["\n  fragment Timeline on Order {\n    status\n    history {\n      status\n      at\n      note\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {\n    requestPasswordReset(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {\n    requestPasswordReset(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Register($input: RegisterInput!) {\n    register(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Register($input: RegisterInput!) {\n    register(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResetPassword($input: ResetPasswordInput!) {\n    resetPassword(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ResetPassword($input: ResetPasswordInput!) {\n    resetPassword(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LogIn($input: LogInInput!) {\n    logIn(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation LogIn($input: LogInInput!) {\n    logIn(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation VerifyEmail($input: VerifyEmailInput!) {\n    verifyEmail(input: $input) {\n      user {\n        id\n        email\n        emailVerified\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation VerifyEmail($input: VerifyEmailInput!) {\n    verifyEmail(input: $input) {\n      user {\n        id\n        email\n        emailVerified\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Board($status: OrderStatus, $search: String, $flagged: Boolean!, $first: Int!) {\n    orders(status: $status, search: $search, flagged: $flagged, first: $first) {\n      totalCount\n      nodes {\n        id\n        ...BoardRow\n        ...Flag\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n"): (typeof documents)["\n  query Board($status: OrderStatus, $search: String, $flagged: Boolean!, $first: Int!) {\n    orders(status: $status, search: $search, flagged: $flagged, first: $first) {\n      totalCount\n      nodes {\n        id\n        ...BoardRow\n        ...Flag\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription NewOrders {\n    newOrders {\n      id\n      number\n    }\n  }\n"): (typeof documents)["\n  subscription NewOrders {\n    newOrders {\n      id\n      number\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment BoardRow on Order {\n    id\n    number\n    status\n    placedAt\n    trackingNumber\n    recipient {\n      name\n      city\n    }\n    shippingMethod {\n      code\n      title\n    }\n    total {\n      ...Money\n    }\n    lines {\n      sku\n      title\n      quantity\n    }\n  }\n"): (typeof documents)["\n  fragment BoardRow on Order {\n    id\n    number\n    status\n    placedAt\n    trackingNumber\n    recipient {\n      name\n      city\n    }\n    shippingMethod {\n      code\n      title\n    }\n    total {\n      ...Money\n    }\n    lines {\n      sku\n      title\n      quantity\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription BoardRowUpdated($id: ID!) {\n    orderUpdated(id: $id) {\n      ...BoardRow\n    }\n  }\n"): (typeof documents)["\n  subscription BoardRowUpdated($id: ID!) {\n    orderUpdated(id: $id) {\n      ...BoardRow\n    }\n  }\n"];
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
export function graphql(source: "\n  fragment Flag on Order {\n    id\n    number\n    flag {\n      reason\n    }\n    payment {\n      id\n      attention\n    }\n  }\n"): (typeof documents)["\n  fragment Flag on Order {\n    id\n    number\n    flag {\n      reason\n    }\n    payment {\n      id\n      attention\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation FlagOrder($input: FlagOrderInput!) {\n    flagOrder(input: $input) {\n      order {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation FlagOrder($input: FlagOrderInput!) {\n    flagOrder(input: $input) {\n      order {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UnflagOrder($input: OrderIdInput!) {\n    unflagOrder(input: $input) {\n      order {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UnflagOrder($input: OrderIdInput!) {\n    unflagOrder(input: $input) {\n      order {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Refund($input: RefundPaymentInput!) {\n    refundPayment(input: $input) {\n      payment {\n        id\n        status\n        order {\n          id\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Refund($input: RefundPaymentInput!) {\n    refundPayment(input: $input) {\n      payment {\n        id\n        status\n        order {\n          id\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SettleAttention($input: SettleAttentionInput!) {\n    settleAttention(input: $input) {\n      payment {\n        id\n        attention\n        order {\n          id\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SettleAttention($input: SettleAttentionInput!) {\n    settleAttention(input: $input) {\n      payment {\n        id\n        attention\n        order {\n          id\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment StockRow on Product {\n    id\n    slug\n    title\n    images {\n      ...Picture\n    }\n    variants {\n      sku\n      title\n      available\n    }\n  }\n"): (typeof documents)["\n  fragment StockRow on Product {\n    id\n    slug\n    title\n    images {\n      ...Picture\n    }\n    variants {\n      sku\n      title\n      available\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Stock($search: String, $first: Int!) {\n    products(search: $search, first: $first, sort: TITLE) {\n      totalCount\n      nodes {\n        id\n        ...StockRow\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n"): (typeof documents)["\n  query Stock($search: String, $first: Int!) {\n    products(search: $search, first: $first, sort: TITLE) {\n      totalCount\n      nodes {\n        id\n        ...StockRow\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetStock($input: SetStockInput!) {\n    setStock(input: $input) {\n      variant {\n        sku\n        available\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SetStock($input: SetStockInput!) {\n    setStock(input: $input) {\n      variant {\n        sku\n        available\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UnreadCount {\n    me {\n      id\n      unreadNotificationCount\n    }\n  }\n"): (typeof documents)["\n  query UnreadCount {\n    me {\n      id\n      unreadNotificationCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription NotificationReceived {\n    notificationReceived {\n      id\n      title\n      body\n      order {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription NotificationReceived {\n    notificationReceived {\n      id\n      title\n      body\n      order {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Suggestions($prefix: String!) {\n    suggestions(prefix: $prefix, first: 6)\n  }\n"): (typeof documents)["\n  query Suggestions($prefix: String!) {\n    suggestions(prefix: $prefix, first: 6)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PaymentChoice on PaymentGatewayInfo {\n    gateway\n    tokens\n  }\n"): (typeof documents)["\n  fragment PaymentChoice on PaymentGatewayInfo {\n    gateway\n    tokens\n  }\n"];
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