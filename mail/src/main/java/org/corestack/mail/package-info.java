/**
 * Mail: messages, and a client that sends them over SMTP.
 *
 * <p>{@link org.corestack.mail.MailClient} sends once and says what became of each receiver. It keeps nothing: what has
 * to survive a crash belongs into a queue, which will be a package of its own beside this one.
 */
@NullMarked
package org.corestack.mail;

import org.jspecify.annotations.NullMarked;
