package org.corestack.mail;

import java.io.IOException;

/** The user's own stream failed, not the connection: what was sent of the message must not be taken for the whole. */
final class AttachmentException extends IOException {
    private static final long serialVersionUID = 1L;

    AttachmentException(Attachment file, Exception cause) {
        super("the attachment '" + file.name() + "' could not be read", cause);
    }
}
