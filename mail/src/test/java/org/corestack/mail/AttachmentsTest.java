package org.corestack.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.testkit.FaultyProxy;
import org.corestack.testkit.FaultyProxy.Direction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Attachments are streamed, opened anew for each attempt, and always closed. */
class AttachmentsTest extends ScriptedServerTest {
    private static final int LARGE = 8 << 20;

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private FaultyProxy proxy;
    private MailClient client;

    @BeforeEach
    void open() throws IOException {
        proxy = FaultyProxy.open("127.0.0.1", server.port());
        client = MailClient.open(TestMail.config(proxy.port()).build());
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        proxy.close();
    }

    /** The second half is there only when the server has some of the first, so nobody can be collecting the whole. */
    @Test
    void aLargeFileIsSentWhileItIsRead() {
        client.send(with(() -> new InputStream() {
                    private int given;
                    private boolean halfGiven;

                    @Override
                    public int read() {
                        return given++ < LARGE ? 'x' : -1;
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) {
                        if (!halfGiven && given > LARGE / 2) {
                            halfGiven = true;
                            await().until(() -> proxy.bytes(Direction.TO_SERVER) > LARGE / 4);
                        }
                        int count = Math.min(length, LARGE - given);
                        given += count;
                        return count == 0 ? -1 : count;
                    }
                }))
                .orThrow();
        assertThat(Mime.content(Mime.leaves(Mime.parse(server.mail().bytes())).get(1)))
                .hasSize(LARGE);
    }

    @Test
    void openedForEachAttemptAndClosedAfterIt() {
        MailMessage message = with(() -> counted(new ByteArrayInputStream(new byte[] {1, 2, 3})));
        server.next("DATA", "451 later");
        client.send(message);
        assertThat(opened).as("nobody wanted to see it").hasValue(0);
        server.next(".", "451 later");
        client.send(message);
        client.send(message).orThrow();
        assertThat(opened).hasValue(2);
        assertThat(closed).hasValue(2);
        assertThat(server.mails())
                .hasSize(2)
                .allSatisfy(mail -> assertThat(Mime.content(
                                Mime.leaves(Mime.parse(mail.bytes())).get(1)))
                        .containsExactly(1, 2, 3));
    }

    @Test
    void closedWhereReadingFails() {
        MailMessage message = with(() -> counted(new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("disk on fire");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return read();
            }
        }));
        assertThatThrownBy(() -> client.send(message)).hasRootCauseMessage("disk on fire");
        assertThat(closed).hasValue(1);
        assertThat(server.mails()).isEmpty();
    }

    /** As some streams of users do. */
    @Test
    void aStreamThatTakesAnInterruptForItsEndSendsNoHalfMessage() {
        MailMessage message = with(() -> new InputStream() {
            @Override
            public int read() {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return -1;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                return read();
            }
        });
        try (MailClient hurried = MailClient.open(TestMail.config(proxy.port())
                .totalTimeout(Duration.ofMillis(600))
                .build())) {
            assertThatThrownBy(() -> hurried.send(message))
                    .isInstanceOfSatisfying(
                            CoreException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
        }
        assertThat(server.commands()).contains("DATA");
        assertThat(server.mails()).isEmpty();
    }

    private InputStream counted(InputStream in) {
        opened.incrementAndGet();
        return new java.io.FilterInputStream(in) {
            @Override
            public void close() throws IOException {
                closed.incrementAndGet();
                super.close();
            }
        };
    }

    private static MailMessage with(Attachment.Content content) {
        return TestMail.to("ann@example.org")
                .attach(Attachment.of("a.bin", "application/octet-stream", content))
                .build();
    }
}
