package org.corestack.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.corestack.errors.CoreException;
import org.corestack.mail.ReceiverResult.Accepted;
import org.corestack.mail.ReceiverResult.Refused;
import org.corestack.mail.ReceiverResult.Refused.Step;
import org.corestack.mail.ReceiverResult.Uncertain;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many threads, few connections, a server of bad moods, and interrupts: each result is true, and nothing is sent twice. The
 * seed gives the moods and not the order of the threads.
 */
@Timeout(300)
class ManySendersTest extends ScriptedServerTest {
    private static final int SENDERS = 8;
    private static final int MESSAGES = 40;
    private static final Pattern SUBJECT = Pattern.compile("\r\nSubject: (m-\\d+)\r\n");

    /** What the sender of a message knows, and how often the server may then have it. */
    private enum Outcome {
        ACCEPTED(1, 1),
        REFUSED_WHEN_SEEN(1, 1),
        UNCERTAIN(0, 1),
        NOBODY_GOT_IT(0, 0);

        private final int least;
        private final int most;

        Outcome(int least, int most) {
            this.least = least;
            this.most = most;
        }
    }

    private final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();
    private final long seed = new SecureRandom().nextLong();
    private final AtomicInteger moods = new AtomicInteger();
    private final ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
    private final ScheduledExecutorService interrupter = Executors.newSingleThreadScheduledExecutor();

    @BeforeEach
    void giveTheServerMoods() {
        for (String command : List.of(ScriptedServer.GREETING, "EHLO", "MAIL", "RCPT", "DATA", ".", "RSET", "QUIT")) {
            server.on(command, line -> mood());
        }
    }

    @AfterEach
    void endThreads() {
        senders.shutdownNow();
        interrupter.shutdownNow();
    }

    @Test
    void eachResultIsTrue() {
        try (MailClient client = MailClient.open(TestMail.config(server.port())
                .connections(3)
                .readTimeout(Duration.ofMillis(200))
                .totalTimeout(Duration.ofSeconds(2))
                .build())) {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                int first = i * MESSAGES;
                all.add(CompletableFuture.runAsync(() -> sendFrom(client, first), senders));
            }
            all.forEach(CompletableFuture::join);
        }
        Map<String, Long> had = server.mails().stream()
                .flatMap(mail -> SUBJECT.matcher(Mime.text(mail.bytes())).results())
                .collect(Collectors.groupingBy((MatchResult match) -> match.group(1), Collectors.counting()));
        assertThat(outcomes).hasSize(SENDERS * MESSAGES);
        outcomes.forEach((subject, outcome) -> assertThat(had.getOrDefault(subject, 0L))
                .as("seed %d, %s, %s", seed, subject, outcome)
                .isBetween((long) outcome.least, (long) outcome.most));
        assertThat(outcomes)
                .as("seed %d: no outcome is missing, or little was tested", seed)
                .containsValues(Outcome.values());
    }

    private void sendFrom(MailClient client, int first) {
        Random random = new Random(seed + first);
        for (int i = first; i < first + MESSAGES; i++) {
            boolean ignored = Thread.interrupted();
            if (random.nextInt(10) == 0) {
                Thread sender = Thread.currentThread();
                ScheduledFuture<?> unused =
                        interrupter.schedule(sender::interrupt, random.nextInt(3_000), TimeUnit.MICROSECONDS);
            }
            outcomes.put("m-" + i, send(client, "m-" + i));
        }
    }

    private static Outcome send(MailClient client, String subject) {
        try {
            ReceiverResult result = client.send(
                            TestMail.to("ann@example.org").subject(subject).build())
                    .results()
                    .get(0);
            if (result instanceof Refused refused) {
                return refused.step() == Step.MESSAGE ? Outcome.REFUSED_WHEN_SEEN : Outcome.NOBODY_GOT_IT;
            }
            assertThat(result).isInstanceOfAny(Accepted.class, Uncertain.class);
            return result instanceof Accepted ? Outcome.ACCEPTED : Outcome.UNCERTAIN;
        } catch (CoreException e) {
            return Outcome.NOBODY_GOT_IT;
        }
    }

    private @Nullable String mood() {
        int dice = new Random(seed ^ moods.incrementAndGet() * 0x9E3779B97F4A7C15L).nextInt(200);
        return switch (dice) {
            case 0, 1, 2, 3 -> ScriptedServer.CUT;
            case 4, 5 -> ScriptedServer.SILENT;
            case 6 -> ScriptedServer.DRIP;
            case 7, 8, 9 -> "451 4.3.0 later";
            case 10, 11, 12 -> "550 5.7.1 never";
            case 13, 14 -> "421 4.3.2 going down";
            case 15 -> "nonsense";
            case 16 -> "250-ok\r\n550 no";
            default -> null;
        };
    }
}
