//! Every message the program can send.

use messaging::Templates;

/// The list, room by room.
pub fn templates() -> Templates {
    Templates::new(&[
        orders::letters::TEMPLATES,
        shipments::letters::TEMPLATES,
        account::LETTERS,
        messaging::sms::replies::TEMPLATES,
    ])
}
