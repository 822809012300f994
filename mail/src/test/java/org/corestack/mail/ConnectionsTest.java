package org.corestack.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.mail.ReceiverResult.NotSent;
import org.corestack.mail.ReceiverResult.Uncertain;
import org.junit.jupiter.api.Test;

/** The pool: kept, bounded, renewed, ended; and the client's threads. */
class ConnectionsTest extends ScriptedServerTest {
    @Test
    void manyMessagesOverOneConnection() {
        try (MailClient client = client(4)) {
            for (int i = 0; i < 50; i++) {
                client.send(TestMail.message()).orThrow();
            }
        }
        assertThat(server.connections()).isEqualTo(1);
        assertThat(server.mails()).hasSize(50);
        assertThat(server.commands()).filteredOn(line -> line.equals("QUIT")).hasSize(1);
    }

    @Test
    void noMoreConnectionsThanAllowed() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        server.on("RCPT", line -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            return null;
        });
        server.on(".", line -> {
            now.decrementAndGet();
            return null;
        });
        ExecutorService threads = Executors.newFixedThreadPool(12);
        try (MailClient client = client(3)) {
            List<CompletableFuture<SendReport>> all = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                all.add(CompletableFuture.supplyAsync(() -> client.send(TestMail.message()), threads));
            }
            all.forEach(one -> one.join().orThrow());
        } finally {
            threads.shutdownNow();
        }
        assertThat(server.mails()).hasSize(120);
        assertThat(server.connections()).isBetween(1, 3);
        assertThat(most).hasValueBetween(1, 3);
    }

    @Test
    void whereAllAreBusyTheTotalTimeoutEndsTheWait() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        server.on("MAIL", line -> {
            awaitQuietly(go);
            return null;
        });
        try (MailClient client = MailClient.open(TestMail.config(server.port())
                .connections(1)
                .totalTimeout(Duration.ofMillis(400))
                .build())) {
            Thread holder = new Thread(() ->
                    assertThatThrownBy(() -> client.send(TestMail.message())).isInstanceOf(CoreException.class));
            holder.start();
            await().until(() -> server.commands().stream().anyMatch(line -> line.startsWith("MAIL")));
            assertThatThrownBy(() -> client.send(TestMail.message()))
                    .isInstanceOfSatisfying(
                            CoreException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
            go.countDown();
            holder.join();
        }
    }

    @Test
    void aConnectionThatTheServerClosedIsRenewed() {
        try (MailClient client = client(1)) {
            client.send(TestMail.message()).orThrow();
            server.cutAll();
            client.send(TestMail.message()).orThrow();
            server.next("MAIL", "421 4.4.2 idle for too long");
            client.send(TestMail.message()).orThrow();
            server.next("MAIL", "451 too many messages in this session");
            client.send(TestMail.message()).orThrow();
        }
        assertThat(server.connections()).isEqualTo(4);
        assertThat(server.mails()).hasSize(4);
    }

    @Test
    void anIdleConnectionEnds() {
        try (MailClient client = MailClient.open(TestMail.config(server.port())
                .idleTimeout(Duration.ofMillis(150))
                .build())) {
            client.send(TestMail.message()).orThrow();
            assertThat(server.openConnections()).isEqualTo(1);
            await().untilAsserted(() -> assertThat(server.openConnections()).isZero());
            assertThat(server.commands()).contains("QUIT");
            client.send(TestMail.message()).orThrow();
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void aBrokenMessageDoesNotBreakTheNext() {
        try (MailClient client = client(1)) {
            MailMessage broken = TestMail.to("ann@example.org")
                    .attach(Attachment.of("a.bin", "application/octet-stream", () -> {
                        throw new IOException("disk on fire");
                    }))
                    .build();
            assertThatThrownBy(() -> client.send(broken))
                    .hasMessageContaining("a.bin")
                    .hasRootCauseMessage("disk on fire")
                    .isInstanceOfSatisfying(
                            CoreException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
            client.send(TestMail.message()).orThrow();
        }
        assertThat(server.mails()).as("no half message").hasSize(1);
    }

    @Test
    void anAttachmentThatFailsInTheMiddleSendsNoHalfMessage() {
        try (MailClient client = client(1)) {
            MailMessage broken = TestMail.to("ann@example.org")
                    .attach(Attachment.of("a.bin", "application/octet-stream", () -> new FailingStream(100_000)))
                    .build();
            assertThatThrownBy(() -> client.send(broken)).hasMessageContaining("the message was not sent");
            client.send(TestMail.message()).orThrow();
        }
        assertThat(server.mails()).hasSize(1);
        assertThat(Mime.tree(Mime.parse(server.mail().bytes()))).isEqualTo("text/plain");
    }

    /** An error is no reason to go on with a connection on which half a message stands. */
    @Test
    void anAttachmentThatThrowsAnErrorSendsNoHalfMessage() {
        try (MailClient client = client(1)) {
            MailMessage broken = TestMail.to("ann@example.org")
                    .attach(Attachment.of("a.bin", "application/octet-stream", () -> {
                        throw new StackOverflowError("too deep");
                    }))
                    .build();
            assertThatThrownBy(() -> client.send(broken)).isInstanceOf(StackOverflowError.class);
            client.send(TestMail.message()).orThrow();
        }
        assertThat(server.mails()).hasSize(1);
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void closedItSendsNothing() {
        MailClient client = client(1);
        client.send(TestMail.message()).orThrow();
        client.close();
        client.close();
        for (Runnable use : List.<Runnable>of(
                () -> client.send(TestMail.message()), () -> client.sendAll(List.of(TestMail.message())))) {
            assertThatThrownBy(use::run)
                    .isInstanceOfSatisfying(
                            CoreException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.FAILED_PRECONDITION));
        }
        assertThat(server.mails()).hasSize(1);
        assertThat(server.commands()).contains("QUIT");
    }

    @Test
    void closeWaitsForWhatIsBeingSent() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        server.on(".", line -> {
            awaitQuietly(go);
            return null;
        });
        MailClient client = client(1);
        CompletableFuture<SendReport> sent = CompletableFuture.supplyAsync(() -> client.send(TestMail.message()));
        await().until(() -> server.mails().size() == 1);
        Thread closer = new Thread(client::close);
        closer.start();
        await().until(() -> closer.getState() == Thread.State.TIMED_WAITING);
        go.countDown();
        closer.join();
        assertThat(sent.join().complete()).isTrue();
    }

    @Test
    void closeCutsOffWhatDoesNotEnd() {
        server.on("MAIL", line -> ScriptedServer.SILENT);
        MailClient client = MailClient.open(TestMail.config(server.port())
                .readTimeout(Duration.ofSeconds(30))
                .totalTimeout(Duration.ofSeconds(30))
                .closeTimeout(Duration.ofMillis(200))
                .build());
        CompletableFuture<CoreException> error = CompletableFuture.supplyAsync(
                () -> catchThrowableOfType(CoreException.class, () -> client.send(TestMail.message())));
        await().until(() -> server.commands().stream().anyMatch(line -> line.startsWith("MAIL")));
        client.close();
        assertThat(error.join().code()).isEqualTo(ErrorCode.CANCELED);
    }

    /** Whatever comes after what was cut off, such as the next message of a list, is not sent. */
    @Test
    void closeCutsOffTheRestOfAList() {
        server.next(".", ScriptedServer.SILENT);
        MailClient client = MailClient.open(TestMail.config(server.port())
                .closeTimeout(Duration.ofMillis(200))
                .build());
        CompletableFuture<List<SendReport>> all =
                CompletableFuture.supplyAsync(() -> client.sendAll(List.of(TestMail.message(), TestMail.message())));
        await().until(() -> server.mails().size() == 1);
        // A second connection, whose goodbye takes a while.
        server.on("QUIT", line -> ScriptedServer.SILENT);
        client.send(TestMail.message()).orThrow();
        client.close();
        assertThat(all.join().get(0).results()).hasExactlyElementsOfTypes(Uncertain.class);
        assertThat(all.join().get(1).results())
                .singleElement()
                .isInstanceOfSatisfying(
                        NotSent.class,
                        result -> assertThat(result.error().code()).isEqualTo(ErrorCode.CANCELED));
        assertThat(server.mails()).hasSize(2);
    }

    @Test
    void aServerThatDripsItsGoodbyeDoesNotHoldClose() {
        server.on("QUIT", line -> ScriptedServer.DRIP);
        try (MailClient client = client(1)) {
            client.send(TestMail.message()).orThrow();
        }
        await().untilAsserted(() -> assertThat(server.openConnections()).isZero());
    }

    /** Angus holds a monitor while it waits, which below JDK 24 would hold a virtual thread's carrier. */
    @Test
    void conversationsRunOnPlatformThreadsOfTheClient() throws Exception {
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        server.offers("AUTH XOAUTH2");
        MailMessage message = TestMail.to("ann@example.org")
                .attach(Attachment.of("a.bin", "application/octet-stream", () -> {
                    seen.add(Thread.currentThread());
                    return java.io.InputStream.nullInputStream();
                }))
                .build();
        try (MailClient client = MailClient.open(TestMail.config(server.port())
                .login("ann", () -> {
                    seen.add(Thread.currentThread());
                    return "token";
                })
                .build())) {
            Thread caller = virtualOrPlatform(() -> client.send(message).orThrow());
            caller.join();
        }
        assertThat(server.mails()).hasSize(1);
        assertThat(seen).isNotEmpty().allSatisfy(thread -> {
            assertThat(thread.getName()).startsWith("corestack-mail-127.0.0.1-");
            assertThat(thread.getClass()).isEqualTo(Thread.class);
        });
    }

    private static Thread virtualOrPlatform(Runnable task) throws ReflectiveOperationException {
        if (Runtime.version().feature() < 21) {
            Thread thread = new Thread(task);
            thread.start();
            return thread;
        }
        return (Thread)
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private MailClient client(int connections) {
        return MailClient.open(
                TestMail.config(server.port()).connections(connections).build());
    }

    private static final class FailingStream extends java.io.InputStream {
        private int left;

        FailingStream(int left) {
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            return read(new byte[1], 0, 1) == 1 ? 'x' : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left <= 0) {
                throw new IOException("disk on fire");
            }
            int count = Math.min(length, left);
            left -= count;
            return count;
        }
    }
}
