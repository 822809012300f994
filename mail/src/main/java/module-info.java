/** Mail: a client over SMTP. */
module org.corestack.mail {
    requires transitive org.corestack.core;
    requires jakarta.mail;
    requires java.logging;
    requires org.eclipse.angus.mail.smtp;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports org.corestack.mail;
}
