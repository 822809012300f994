package org.corestack.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses are taken, in which form, and which are refused. */
class MailAddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ann@example.org",
                "a@b",
                "first.last+tag@sub.example.org",
                "o'brien!#$%&*/=?^_`{|}~-@example.org",
                "1@2.example",
                "\"a..b\"@docomo.example",
                "\".a\"@example.org",
                "root@[127.0.0.1]",
                "root@[ipv6:::1]",
                "用户@example.org",
                "ann@xn--bcher-kva.example",
                "a234567890123456789012345678901234567890123456789012345678901234@example.org",
            })
    void taken(String text) {
        MailAddress address = MailAddress.of(text);
        assertThat(address.address()).isEqualTo(text);
        assertThat(address.localPart() + "@" + address.domain()).isEqualTo(text);
        assertThat(MailAddress.parse("Name <" + text + ">")).isEqualTo(new MailAddress("Name", text));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            ann@EXAMPLE.Org,         ann@example.org
            Ann@example.org,         Ann@example.org
            ann@Bücher.example,      ann@xn--bcher-kva.example
            ann@bücher。example,     ann@xn--bcher-kva.example
            ann@日本.example,         ann@xn--wgv71a.example
            \"ann\"@example.org,     ann@example.org
            root@[IPv6:2001:DB8::1], root@[ipv6:2001:db8::1]
            """)
    void broughtIntoOneForm(String given, String canonical) {
        assertThat(MailAddress.of(given).address()).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "ann",
                "ann@",
                "@example.org",
                " ann@example.org",
                "ann@example.org ",
                "ann@ example.org",
                "a nn@example.org",
                "ann@exam ple.org",
                "a@b@example.org",
                ".ann@example.org",
                "ann.@example.org",
                "a..b@example.org",
                "ann@-example.org",
                "ann@example-.org",
                "ann@example..org",
                "ann@.example.org",
                "ann@example.org.",
                "ann@exa_mple.org",
                "ann@[127.0.0.256]",
                "ann@[127.0.0.1",
                "ann@[example.org]",
                "ann@[IPv6:1::2::3]",
                "ann@[IPv6:1.2.3.4]",
                "<ann@example.org>",
                "ann@example.org>",
                "ann@example.org,bob@example.org",
                "ann@example.org;bob@example.org",
                "ann(comment)@example.org",
                "\"a b\"@example.org",
                "\"a@b\"@example.org",
                "\"a\\\"b\"@example.org",
                "\"a> SIZE=1\"@example.org",
                "\"\"@example.org",
                "\"ann@example.org",
                "a\u200bnn@example.org",
                "a\u202enn@example.org",
                "a\u00a0nn@example.org",
                "ann@stra\u00dfe.example",
                "ann@\u03bf\u03c2.example",
                "ann@a\u200db.example",
                "ann@\u2488com",
                "ann@exam\uff0fple.org",
                "ann@evil.example\uff20example.org",
                "a2345678901234567890123456789012345678901234567890123456789012345@example.org",
                "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü@example.org",
            })
    void refused(String text) {
        assertThatThrownBy(() -> MailAddress.of(text)).isInstanceOfSatisfying(CoreException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(error.getMessage()).startsWith("an address");
        });
    }

    @Test
    void lengthsAreBounded() {
        String label = "a".repeat(63);
        String domain = label + "." + label + "." + label;
        assertThat(MailAddress.of("x".repeat(254 - domain.length() - 1) + "@" + domain)
                        .address())
                .hasSize(254);
        assertThatThrownBy(() -> MailAddress.of("x".repeat(255 - domain.length() - 1) + "@" + domain))
                .hasMessageContaining("254");
        assertThatThrownBy(() -> MailAddress.of("x@" + label + "a.example")).isInstanceOf(CoreException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ann@example.org                     |                  | ann@example.org
            Ann <ann@example.org>               | Ann              | ann@example.org
            Ann<ann@example.org>                | Ann              | ann@example.org
            <ann@example.org>                   |                  | ann@example.org
            Ann Lee  <ann@example.org>          | Ann Lee          | ann@example.org
            Ann O'Neil. <ann@example.org>       | Ann O'Neil.      | ann@example.org
            "Lee, Ann" <ann@example.org>        | Lee, Ann         | ann@example.org
            "say \\"hi\\" \\\\" <ann@example.org> | say "hi" \\      | ann@example.org
            Jürgen Groß <ann@example.org>       | Jürgen Groß      | ann@example.org
            """)
    void parsed(String text, String name, String address) {
        assertThat(MailAddress.parse(text)).isEqualTo(new MailAddress(name == null ? "" : name, address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Lee, Ann <ann@example.org>",
                "ann@example.org <bob@example.org>",
                "Ann <ann@example.org>, Bob <bob@example.org>",
                "Ann <ann@example.org> x",
                "Ann <ann@example.org",
                "Ann ann@example.org>",
                "Ann <<ann@example.org>>",
                "Friends: ann@example.org;",
                "Ann (her) <ann@example.org>",
                "\"Ann <ann@example.org>",
                "Ann <>",
                "Ann < ann@example.org >",
                "ann@example.org\r\nBcc: evil@example.com",
            })
    void notOneAddress(String text) {
        assertThatThrownBy(() -> MailAddress.parse(text))
                .isInstanceOfSatisfying(
                        CoreException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void equalWhereTheyMeanTheSame() {
        assertThat(MailAddress.of("ann@Example.ORG")).isEqualTo(MailAddress.of("ann@example.org"));
        assertThat(MailAddress.of("Ann@example.org")).isNotEqualTo(MailAddress.of("ann@example.org"));
        assertThat(new MailAddress("Ann", "ann@example.org").withoutName())
                .isEqualTo(MailAddress.of("ann@example.org"));
        assertThat(MailAddress.of("u\u0308@example.org")).isEqualTo(MailAddress.of("\u00fc@example.org"));
    }

    @Test
    void shownAsPeopleWriteIt() {
        assertThat(new MailAddress("Lee, Ann", "ann@example.org")).hasToString("Lee, Ann <ann@example.org>");
        assertThat(MailAddress.of("ann@example.org")).hasToString("ann@example.org");
    }
}
