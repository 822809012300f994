package org.corestack.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.List;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.mail.ReceiverResult.Accepted;
import org.corestack.mail.ReceiverResult.NotSent;
import org.corestack.mail.ReceiverResult.Refused;
import org.corestack.mail.ReceiverResult.Refused.Step;
import org.corestack.mail.ReceiverResult.Uncertain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refusals and odd answers at each step of the conversation, and what the report and the errors say of them. */
class ResultsTest extends SendingTest {
    @Test
    void acceptedByAll() {
        SendReport report =
                client.send(TestMail.to("a@example.org", "b@example.org").build());
        assertThat(report.complete()).isTrue();
        assertThat(report.orThrow()).isSameAs(report);
        assertThat(report.retryable()).isFalse();
        assertThat(report.results())
                .extracting(ReceiverResult::receiver)
                .extracting(MailAddress::address)
                .containsExactly("a@example.org", "b@example.org");
        assertThat(report.accepted()).allSatisfy(accepted -> {
            assertThat(accepted.reply()).isEqualTo(new SmtpReply(250, "2.0.0", "taken"));
            assertThat(accepted.retryable()).isFalse();
        });
    }

    @Test
    void eachReceiverHasItsOwnAnswer() {
        server.on(
                "RCPT",
                line -> line.contains("gone")
                        ? "550-5.1.1 no such user\r\n550 5.1.1 really not"
                        : line.contains("full") ? "452 4.2.2 mail box full" : null);
        SendReport report = client.send(TestMail.to("gone@example.org", "ann@example.org", "full@example.org")
                .build());
        assertThat(report.results()).hasExactlyElementsOfTypes(Refused.class, Accepted.class, Refused.class);
        Refused gone = report.refused().get(0);
        assertThat(gone.step()).isEqualTo(Step.RECEIVER);
        assertThat(gone.reply()).isEqualTo(new SmtpReply(550, "5.1.1", "no such user\nreally not"));
        assertThat(gone.retryable()).isFalse();
        assertThat(gone.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        Refused full = report.refused().get(1);
        assertThat(full.reply()).isEqualTo(new SmtpReply(452, "4.2.2", "mail box full"));
        assertThat(full.retryable()).isTrue();
        assertThat(full.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(server.mail().receivers()).containsExactly("RCPT TO:<ann@example.org>");
        CoreException error = catchThrowableOfType(CoreException.class, report::orThrow);
        assertThat(error.code()).as("what a retry can't mend comes first").isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(error.getMessage())
                .contains("1 of 3", "gone@example.org", "550", "no such user", "full@example.org", "452")
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL, SENDER, 451, UNAVAILABLE",
        "MAIL, SENDER, 550, INVALID_ARGUMENT",
        "MAIL, SENDER, 530, UNAUTHORIZED",
        "RCPT, RECEIVER, 450, UNAVAILABLE",
        "RCPT, RECEIVER, 553, INVALID_ARGUMENT",
        "DATA, DATA, 451, UNAVAILABLE",
        "DATA, DATA, 554, INVALID_ARGUMENT",
        "., MESSAGE, 452, UNAVAILABLE",
        "., MESSAGE, 554, INVALID_ARGUMENT",
    })
    void refusedAtEachStep(String command, Step step, int code, ErrorCode expected) {
        server.next(command, code + " not this one");
        SendReport report = client.send(TestMail.message());
        assertThat(report.complete()).isFalse();
        Refused refused = report.refused().get(0);
        assertThat(refused.step()).isEqualTo(step);
        assertThat(refused.reply()).isEqualTo(new SmtpReply(code, "", "not this one"));
        assertThat(refused.retryable()).isEqualTo(code < 500);
        assertThat(refused.code()).isEqualTo(expected);
        assertThat(report.retryable()).isEqualTo(code < 500);
        assertThatThrownBy(report::orThrow)
                .isInstanceOfSatisfying(
                        CoreException.class, error -> assertThat(error.code()).isEqualTo(expected));
        client.send(TestMail.message()).orThrow();
        assertThat(server.connections()).as("the connection is still good").isEqualTo(1);
        assertThat(server.commands()).contains("RSET");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT", "."})
    void aClosingServerIsATemporaryRefusal(String command) {
        server.next(command, "421 4.3.2 going down");
        SendReport report =
                client.send(TestMail.to("a@example.org", "b@example.org").build());
        assertThat(report.refused()).hasSize(2).allSatisfy(refused -> {
            assertThat(refused.retryable()).isTrue();
            assertThat(refused.reply().code()).isEqualTo(421);
        });
        client.send(TestMail.message()).orThrow();
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void aServerThatClosesAmongTheReceiversRefusesAllOfThem() {
        server.on("RCPT", line -> line.contains("gone") ? "550 no" : line.contains("c@") ? "421 bye" : null);
        SendReport report =
                client.send(TestMail.to("a@example.org", "gone@example.org", "c@example.org", "d@example.org")
                        .build());
        assertThat(report.refused())
                .extracting(refused -> refused.reply().code())
                .containsExactly(421, 550, 421, 421);
        assertThat(server.mails()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT", "DATA"})
    void nobodyGotItWhereTheConnectionBreaksBeforeTheMessage(String command) {
        server.next(command, ScriptedServer.CUT);
        assertThatThrownBy(() -> client.send(TestMail.message())).isInstanceOfSatisfying(CoreException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(error.getMessage()).contains("127.0.0.1:" + server.port());
        });
        client.send(TestMail.message()).orThrow();
    }

    @Test
    void withoutAnAnswerToTheMessageItIsUncertain() {
        server.on("RCPT", line -> line.contains("gone") ? "550 no" : null);
        server.next(".", ScriptedServer.CUT);
        SendReport report =
                client.send(TestMail.to("ann@example.org", "gone@example.org").build());
        assertThat(report.results()).hasExactlyElementsOfTypes(Uncertain.class, Refused.class);
        Uncertain uncertain = (Uncertain) report.results().get(0);
        assertThat(uncertain.error().code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(uncertain.retryable()).isTrue();
        SendReport alone;
        server.next(".", ScriptedServer.CUT);
        alone = client.send(TestMail.message());
        assertThatThrownBy(alone::orThrow).isInstanceOfSatisfying(CoreException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(error.getMessage()).contains("did not confirm it");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hello", "999 odd", "25", "2500 no", "", "150 early", "350 what", "250x no", "250-ok\r\n550 no"})
    void anAnswerThatMakesNoSenseIsNone(String answer) {
        server.next("MAIL", answer);
        assertThatThrownBy(() -> client.send(TestMail.message()))
                .isInstanceOfSatisfying(
                        CoreException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        server.next(".", answer);
        SendReport report = client.send(TestMail.message());
        assertThat(report.results()).hasExactlyElementsOfTypes(Uncertain.class);
        server.next("DATA", answer);
        assertThatThrownBy(() -> client.send(TestMail.message())).isInstanceOf(CoreException.class);
        client.send(TestMail.message()).orThrow();
        assertThat(server.connections()).isEqualTo(4);
    }

    @Test
    void anAnswerWithoutEndIsCutOff() {
        String line = "250-" + "x".repeat(1_000) + "\r\n";
        server.next("MAIL", line.repeat(2_000) + "250 end");
        assertThatThrownBy(() -> client.send(TestMail.message()))
                .isInstanceOf(CoreException.class)
                .hasMessageContaining("longer than");
    }

    @Test
    void textOfTheServerCanNotForgeALog() {
        server.next("RCPT", "550-5.7.1 no\u001b[31m\u0007\r\n550 5.7.1 INFO all is well " + "x".repeat(3_000));
        SmtpReply reply = client.send(TestMail.message()).refused().get(0).reply();
        assertThat(reply.text()).startsWith("no [31m").hasSize(2_000);
        assertThat(reply.toString()).startsWith("550 5.7.1 no").doesNotContain("\n");
        server.next("RCPT", "550 5.7.1 a\u009b31m\u0085b\u2028c\u2029d\u202ee\u2066f" + "\uD83D\uDE00".repeat(1_500));
        SmtpReply other = client.send(TestMail.message()).refused().get(0).reply();
        assertThat(other.text()).startsWith("a 31m b c d e f\uD83D\uDE00").hasSizeBetween(1_999, 2_000);
        assertThat(other.text().codePoints()).noneMatch(c -> Character.getType(c) == Character.SURROGATE);
    }

    @Test
    void textOfTheServerIsUtf8() {
        server.next("RCPT", "550 5.1.1 Empfänger unbekannt: Åsa 日本");
        assertThat(client.send(TestMail.message()).refused().get(0).reply().text())
                .isEqualTo("Empfänger unbekannt: Åsa 日本");
    }

    @Test
    void anEnhancedCodeOfAnotherClassIsText() {
        server.next("RCPT", "550 4.1.1 confused");
        assertThat(client.send(TestMail.message()).refused().get(0).reply())
                .isEqualTo(new SmtpReply(550, "", "4.1.1 confused"));
    }

    @ParameterizedTest
    @CsvSource({
        "554 no service here, FORBIDDEN",
        "421 too busy, UNAVAILABLE",
        "!cut, UNAVAILABLE",
        "nonsense, UNAVAILABLE"
    })
    void aServerThatDoesNotGreet(String greeting, ErrorCode code) {
        server.next(ScriptedServer.GREETING, greeting);
        assertThatThrownBy(() -> client.send(TestMail.message()))
                .isInstanceOfSatisfying(
                        CoreException.class, error -> assertThat(error.code()).isEqualTo(code));
    }

    @Test
    void aServerThatIsNotThere() throws IOException {
        server.close();
        assertThatThrownBy(() -> client.send(TestMail.message())).isInstanceOfSatisfying(CoreException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(error.code().retryable()).isTrue();
        });
        try (MailClient lost = MailClient.open(
                MailConfig.builder("no-such-host.invalid").from("a@example.org").build())) {
            assertThatThrownBy(() -> lost.send(TestMail.message()))
                    .hasMessageContaining("its name is not known")
                    .isInstanceOfSatisfying(
                            CoreException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        }
    }

    @Test
    void anOldServerWithoutEhloIsGreetedByHelo() {
        server.next("EHLO", "502 what");
        client.send(TestMail.message()).orThrow();
        assertThat(server.commands().get(0)).startsWith("EHLO [127.0.0.1]");
        assertThat(server.commands().get(1)).startsWith("HELO ");
    }

    @Test
    void anErrorForManyReceiversCanBeRead() {
        server.on("RCPT", line -> "550 no");
        MailMessage.Builder message = TestMail.to("r0@example.org");
        for (int i = 1; i < 300; i++) {
            message.to("r" + i + "@example.org");
        }
        SendReport report = client.send(message.build());
        assertThat(report.refused()).hasSize(300);
        assertThatThrownBy(report::orThrow).hasMessageContaining("0 of 300").hasMessageEndingWith("; and 290 more");
    }

    @Test
    void sendAllReportsEachMessageOverOneConnection() {
        server.on("RCPT", line -> line.contains("gone") ? "550 no" : null);
        List<SendReport> reports = client.sendAll(List.of(
                TestMail.to("a@example.org").build(),
                TestMail.to("gone@example.org").build(),
                TestMail.to("b@example.org").build()));
        assertThat(reports).extracting(SendReport::complete).containsExactly(true, false, true);
        assertThat(server.connections()).isEqualTo(1);
        assertThat(server.mails()).hasSize(2);
        assertThat(client.sendAll(List.of())).isEmpty();
    }

    @Test
    void sendAllGoesOnAfterACutConnection() {
        server.next("DATA", ScriptedServer.CUT);
        List<SendReport> reports = client.sendAll(List.of(TestMail.message(), TestMail.message(), TestMail.message()));
        assertThat(reports).extracting(SendReport::complete).containsExactly(false, true, true);
        assertThat(reports.get(0).results()).hasExactlyElementsOfTypes(NotSent.class);
        assertThat(reports.get(0).retryable()).isTrue();
        assertThatThrownBy(() -> reports.get(0).orThrow())
                .isInstanceOfSatisfying(
                        CoreException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void sendAllStopsWhereThereIsNoConnection() {
        server.next(ScriptedServer.GREETING, "554 no");
        List<SendReport> reports = client.sendAll(List.of(TestMail.message(), TestMail.message()));
        assertThat(reports)
                .allSatisfy(report -> assertThat(
                                ((NotSent) report.results().get(0)).error().code())
                        .isEqualTo(ErrorCode.FORBIDDEN));
        assertThat(server.connections()).isEqualTo(1);
    }
}
