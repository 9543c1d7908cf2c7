//! Refusals that a person can act on: data, not errors. Each operation has its enum of codes; each code says the same in
//! Russian and in English.

use lavka_kit::locale::Locale;

/// One refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal<C> {
    /// Why.
    pub(crate) code: C,
    /// Which field of the input is meant, if one is.
    pub(crate) field: Option<&'static str>,
}

impl<C> Refusal<C> {
    pub(crate) const fn of(code: C) -> Self {
        Self { code, field: None }
    }

    pub(crate) const fn at(field: &'static str, code: C) -> Self {
        Self {
            code,
            field: Some(field),
        }
    }
}

/// What an operation that people may be refused answers.
pub(crate) type Outcome<T, C> = Result<T, Vec<Refusal<C>>>;

/// An operation could not be finished: our fault.
pub(crate) type Fault = Box<dyn std::error::Error + Send + Sync>;

/// A code that knows what to say.
pub(crate) trait Code: Copy {
    /// The words for this code.
    fn message(self, locale: Locale) -> &'static str;
}

/// Declares an enum of codes with their words, and the GraphQL type of the error that carries them.
macro_rules! codes {
    ($(#[$doc:meta])* $code:ident in $error:ident { $($(#[$what:meta])* $name:ident: $ru:literal / $en:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
        pub(crate) enum $code { $($(#[$what])* $name,)* }

        impl $crate::refusal::Code for $code {
            fn message(self, locale: lavka_kit::locale::Locale) -> &'static str {
                match self { $(Self::$name => locale.pick($ru, $en),)* }
            }
        }

        /// Why the shop says no.
        #[derive(Debug, Clone, async_graphql::SimpleObject)]
        pub(crate) struct $error {
            /// For programs.
            code: $code,
            /// For people, in the language of the request.
            message: String,
            /// The field of the input that is meant.
            field: Option<Vec<String>>,
        }

        impl $error {
            pub(crate) fn list(
                refusals: Vec<$crate::refusal::Refusal<$code>>,
                locale: lavka_kit::locale::Locale,
            ) -> Vec<Self> {
                let error = |refusal: $crate::refusal::Refusal<$code>| Self {
                    code: refusal.code,
                    message: $crate::refusal::Code::message(refusal.code, locale).to_owned(),
                    field: refusal.field.map(|field| vec![field.to_owned()]),
                };
                refusals.into_iter().map(error).collect()
            }
        }
    };
}

codes! {
    /// Why nobody was signed in.
    SignInErrorCode in SignInError {
        /// Another account has this address.
        EmailTaken: "Аккаунт с этой почтой уже есть" / "There is already an account with this e-mail address",
        /// Not an address.
        EmailInvalid: "Проверьте адрес почты" / "Check the e-mail address",
        /// Too short, too long, or too easily guessed.
        PasswordTooWeak: "Пароль слишком простой: нужно от 8 до 128 символов, не из самых распространённых"
            / "The password is too weak: use 8 to 128 characters, and not a common one",
        /// No such account, or another password.
        BadCredentials: "Неверная почта или пароль" / "Wrong e-mail address or password",
        /// Too many failures: wait a little.
        TooManyAttempts: "Слишком много попыток, подождите немного" / "Too many attempts: wait a little",
        /// The refresh token is unknown, used, expired or revoked: sign in again.
        TokenInvalid: "Сеанс завершён, войдите снова" / "The session has ended: sign in again",
        /// A name is missing or too long.
        NameRequired: "Укажите имя" / "A name is required",
        /// Not a telephone number.
        PhoneInvalid: "Проверьте номер телефона" / "Check the telephone number",
    }
}

codes! {
    /// Why the account was not changed.
    UserErrorCode in UserError {
        /// The link is unknown, used or expired.
        TokenInvalid: "Ссылка недействительна или устарела" / "The link is not valid any more",
        /// Another account has this address.
        EmailTaken: "Аккаунт с этой почтой уже есть" / "There is already an account with this e-mail address",
        /// Not an address.
        EmailInvalid: "Проверьте адрес почты" / "Check the e-mail address",
        /// A name is missing or too long.
        NameRequired: "Укажите имя" / "A name is required",
        /// Not a telephone number.
        PhoneInvalid: "Проверьте номер телефона" / "Check the telephone number",
        /// A part of the postal address is missing or can't be right.
        AddressInvalid: "Проверьте это поле адреса" / "Check this part of the address",
        /// There is no such address.
        AddressNotFound: "Такого адреса нет" / "There is no such address",
        /// The address book is full.
        TooManyAddresses: "В адресной книге больше нет места" / "The address book is full",
        /// There is no such account.
        UserNotFound: "Такого аккаунта нет" / "There is no such account",
        /// An account needs one role at least.
        RolesRequired: "Нужна хотя бы одна роль" / "At least one role is required",
        /// Somebody has to be able to give roles.
        LastAdmin: "Это последний администратор" / "This is the last administrator",
    }
}

codes! {
    /// Why nothing ended.
    LogOutErrorCode in LogOutError {
        /// Neither an access token nor the cookie came with the request.
        NotSignedIn: "Вы не вошли" / "You are not signed in",
    }
}

codes! {
    /// Why the session was not ended.
    RevokeSessionErrorCode in RevokeSessionError {
        /// There is no such session, or it has ended already.
        SessionNotFound: "Такого сеанса нет" / "There is no such session",
    }
}

codes! {
    /// Why no link was sent.
    ResendEmailVerificationErrorCode in ResendEmailVerificationError {
        /// The address is verified already.
        AlreadyVerified: "Адрес уже подтверждён" / "The address is verified already",
        /// One was sent a moment ago.
        TooManyAttempts: "Письмо только что отправлено, подождите минуту"
            / "A message was sent just now: wait a minute",
    }
}

codes! {
    /// Why no link could be sent. It never tells whether an account has the address.
    RequestPasswordResetErrorCode in RequestPasswordResetError {
        /// Not an address.
        EmailInvalid: "Проверьте адрес почты" / "Check the e-mail address",
    }
}

codes! {
    /// Why the password stays what it was.
    ResetPasswordErrorCode in ResetPasswordError {
        /// The link is unknown, used or expired.
        TokenInvalid: "Ссылка недействительна или устарела" / "The link is not valid any more",
        /// Too short, too long, or too easily guessed.
        PasswordTooWeak: "Пароль слишком простой: нужно от 8 до 128 символов, не из самых распространённых"
            / "The password is too weak: use 8 to 128 characters, and not a common one",
    }
}

codes! {
    /// Why the password stays what it was.
    ChangePasswordErrorCode in ChangePasswordError {
        /// The current password is another one.
        BadCredentials: "Неверный текущий пароль" / "The current password is wrong",
        /// Too short, too long, or too easily guessed.
        PasswordTooWeak: "Пароль слишком простой: нужно от 8 до 128 символов, не из самых распространённых"
            / "The password is too weak: use 8 to 128 characters, and not a common one",
        /// Too many failures: wait a little.
        TooManyAttempts: "Слишком много попыток, подождите немного" / "Too many attempts: wait a little",
    }
}
