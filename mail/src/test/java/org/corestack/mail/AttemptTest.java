package org.corestack.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who cuts an attempt hits that one and no other, and in the right order. */
@Timeout(60)
class AttemptTest {
    private static final SendReport REPORT = new SendReport("<id@example.org>", List.of());

    private final CoreException why = new CoreException(ErrorCode.CANCELED, "given up");
    private final MailConfig config = TestMail.config(25).build();

    /** By then the connection may carry somebody else's message. */
    @Test
    void whoIsCutTooLateKeepsTheConnectionForTheNext() {
        MailSocket socket = new MailSocket();
        AtomicBoolean cutWhereGivenBack = new AtomicBoolean();
        Attempt[] made = new Attempt[1];
        made[0] = new Attempt(config, exchange(current -> use(current, socket), () -> {
            made[0].cut(why);
            cutWhereGivenBack.set(socket.isClosed());
        }));
        made[0].execute();
        made[0].cut(why);
        assertThat(cutWhereGivenBack).isFalse();
        assertThat(socket.isClosed()).isFalse();
        assertThat(made[0].await(System.nanoTime() + 1_000_000_000L)).isSameAs(REPORT);
    }

    /** A stream that takes the interrupt for its end must not get the end of the message out. */
    @Test
    void theConnectionIsCutBeforeTheWorkerHearsOfIt() throws InterruptedException {
        for (int i = 0; i < 300; i++) {
            MailSocket socket = new MailSocket();
            CountDownLatch running = new CountDownLatch(1);
            AtomicBoolean cutWhereInterrupted = new AtomicBoolean();
            Attempt attempt = new Attempt(
                    config,
                    exchange(
                            current -> {
                                use(current, socket);
                                running.countDown();
                                while (!Thread.currentThread().isInterrupted()) {
                                    Thread.onSpinWait();
                                }
                                cutWhereInterrupted.set(socket.isClosed());
                                return REPORT;
                            },
                            () -> {}));
            Thread worker = new Thread(attempt::execute);
            worker.start();
            running.await();
            attempt.cut(why);
            worker.join();
            assertThat(cutWhereInterrupted).as("round " + i).isTrue();
        }
    }

    /** Its caller had said that nobody got the message when a second interrupt came, or the worker was slow to notice. */
    @Test
    void whoDoesNotWaitForTheAnswerDoesNotTakeItForNo() throws InterruptedException {
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        SendReport uncertain = new SendReport("<uncertain@example.org>", List.of());
        AtomicReference<CoreException> told = new AtomicReference<>();
        Attempt attempt = new Attempt(
                config,
                exchange(
                        current -> {
                            current.ending(error -> {
                                told.set(error);
                                return uncertain;
                            });
                            ended.countDown();
                            awaitUninterruptibly(answer);
                            return REPORT;
                        },
                        () -> {}));
        Thread worker = new Thread(attempt::execute);
        worker.start();
        ended.await();
        // The time is up, and the worker hears of nothing.
        assertThat(attempt.await(System.nanoTime())).isSameAs(uncertain);
        assertThat(told.get().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        answer.countDown();
        worker.join();
    }

    /** Otherwise who was told that nobody got it sends it a second time. */
    @Test
    void whatWasCutIsNotEndedAnyMore() {
        AtomicBoolean sent = new AtomicBoolean();
        Attempt[] made = new Attempt[1];
        made[0] = new Attempt(
                config,
                exchange(
                        current -> {
                            made[0].cut(why);
                            current.ending(error -> REPORT);
                            sent.set(true);
                            return REPORT;
                        },
                        () -> {}));
        made[0].execute();
        assertThatThrownBy(() -> made[0].await(System.nanoTime() + 1_000_000_000L))
                .isInstanceOfSatisfying(
                        CoreException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.CANCELED));
        assertThat(sent).isFalse();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // A stream that does not care.
                continue;
            }
        }
    }

    private static SendReport use(Attempt attempt, MailSocket socket) {
        attempt.use(socket);
        return REPORT;
    }

    private static Attempt.Exchange exchange(Function<Attempt, SendReport> run, Runnable leave) {
        return new Attempt.Exchange() {
            @Override
            public SendReport run(Attempt attempt) {
                return run.apply(attempt);
            }

            @Override
            public void leave() {
                leave.run();
            }
        };
    }
}
