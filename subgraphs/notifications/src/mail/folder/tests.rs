use chrono::DateTime;
use mail_parser::MessageParser;

use super::*;

fn mail(to: &str) -> Mail {
    Mail {
        to_name: "Анна\r\nBcc: evil@lavka.test".into(),
        to_address: to.into(),
        subject: "Заказ L-1 принят".into(),
        text: "Здравствуйте! http://shop.test/?token=a=b".into(),
        html: "<p>Здравствуйте!</p>".into(),
    }
}

fn open() -> (tempfile::TempDir, MailFolder) {
    let data = tempfile::tempdir().unwrap();
    let folder = MailFolder::open(data.path(), "Лавка <shop@lavka.test>").unwrap();
    (data, folder)
}

#[tokio::test]
async fn any_mail_program_can_read_it_and_sending_again_changes_nothing() {
    let (_data, folder) = open();
    let id = Id::from_u128(1);
    let at = DateTime::UNIX_EPOCH;
    folder.send(id, at, &mail("ann@lavka.test")).await.unwrap();
    let path = folder.path().join(format!("{id}.eml"));
    let bytes = std::fs::read(&path).unwrap();
    folder.send(id, at, &mail("ann@lavka.test")).await.unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let message = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(message.subject(), Some("Заказ L-1 принят"));
    assert_eq!(
        message.to().unwrap().first().unwrap().address.as_deref(),
        Some("ann@lavka.test")
    );
    assert_eq!(message.bcc(), None);
    assert_eq!(message.message_id(), Some(format!("{id}@lavka.test").as_str()));
    assert_eq!(
        message.body_text(0).unwrap().trim(),
        "Здравствуйте! http://shop.test/?token=a=b"
    );
    assert_eq!(message.body_html(0).unwrap().trim(), "<p>Здравствуйте!</p>");
}

#[tokio::test]
async fn an_address_that_is_none_and_a_folder_that_is_gone_differ() {
    let (data, folder) = open();
    let send = async |to: &str| {
        folder
            .send(Id::from_u128(1), DateTime::UNIX_EPOCH, &mail(to))
            .await
            .unwrap_err()
    };
    assert!(matches!(send("nowhere").await, MailError::Address(_)));
    drop(data);
    assert!(matches!(send("ann@lavka.test").await, MailError::Sending(_)));
}

#[test]
fn a_sender_that_is_none_is_refused_at_the_start() {
    let data = tempfile::tempdir().unwrap();
    let error = MailFolder::open(data.path(), "nobody").unwrap_err();
    assert!(
        error.to_string().starts_with("notifications.from is \"nobody\""),
        "{error}"
    );
}
