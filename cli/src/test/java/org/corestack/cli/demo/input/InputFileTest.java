package org.corestack.cli.demo.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.corestack.cli.demo.register.CharacterRecord;
import org.corestack.errors.CoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputFileTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"users.ndjson", "users.jsonl", "users.json", "USERS.NDJSON"})
    void ndjsonIsRead(String name) throws IOException {
        Path file = write(
                name, "\uFEFF{\"user\":\"anna\",\"age\":7}\r\n\n{\"user\":42}\n{\"age\":1,\"user\":\"b\u0430sil\"}");
        assertThat(new InputFile(file, "user").read())
                .hasSize(3)
                .containsEntry("anna", new CharacterRecord("anna"))
                .containsEntry("42", new CharacterRecord("42"))
                .containsEntry("b\u0430sil", new CharacterRecord("b\u0430sil"));
    }

    @Test
    void csvIsRead() throws IOException {
        Path file = write(
                "users.csv",
                "\uFEFFid,user\r\n1,anna\r\n\r\n2,\"smith, \"\"joe\"\"\"\r\n3,\"two\nlines\"\r\n4, padded \r\n");
        assertThat(new InputFile(file, "user").read().keySet())
                .containsExactlyInAnyOrder("anna", "smith, \"joe\"", "two\nlines", " padded ");
    }

    @Test
    void missingFile() {
        complains(folder.resolve("none.csv"), "there is no file");
    }

    @Test
    void folderIsNoFile() throws IOException {
        complains(Files.createDirectory(folder.resolve("d.csv")), "is a directory");
    }

    @Test
    void unknownEnding() throws IOException {
        complains(write("users.xml", "<user/>"), "no known ending: name it .csv");
    }

    @ParameterizedTest
    @ValueSource(strings = {"e.ndjson", "e.csv"})
    void emptyFile(String name) throws IOException {
        complains(write(name, ""), "holds no records");
        complains(write(name, "\n\n"), "holds no records");
    }

    @Test
    void csvOfAHeaderAloneHoldsNoRecords() throws IOException {
        complains(write("h.csv", "id,user\n"), "holds no records");
    }

    @Test
    void brokenJsonOnLineSeven() throws IOException {
        String six = "{\"user\":\"a\"}\n{\"user\":\"b\"}\n{\"user\":\"c\"}\n{\"user\":\"d\"}\n{\"user\":\"e\"}\n\n";
        complains(write("b.ndjson", six + "{\"user\":\"f\"\n{\"user\":\"g\"}\n"), "line 7 is broken JSON");
        complains(
                write("b.ndjson", six + "{\"user\":\"f\"} {}\n"),
                "line 7 holds more behind its JSON object, but each line must hold one alone");
        complains(write("b.ndjson", six + "{\"user\":\"f\",\"user\":\"g\"}\n"), "line 7 is broken JSON");
    }

    @Test
    void jsonOverSeveralLinesIsSaidWithoutTheParsersClasses() throws IOException {
        complainsAtTheEnd(
                write("p.json", "{\n  \"user\": \"a\"\n}\n"),
                "line 1 is broken JSON at column 1: Unexpected end-of-input: expected close marker for Object;"
                        + " each line must hold a whole JSON object");
        complainsAtTheEnd(
                write("d.json", "{\"user\":\"a\",\"x\":" + "[".repeat(600) + "]".repeat(600) + "}\n"),
                "exceeds the maximum allowed (500)");
    }

    @Test
    void namesAreToldInPartAndFitForATerminal() throws IOException {
        StringBuilder head = new StringBuilder("a\u202E");
        for (int column = 2; column <= 1_000; column++) {
            head.append(",c").append(column);
        }
        complainsAtTheEnd(
                write("w.csv", head + "\n1\n"),
                "it names: a\\u{202E}, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12 and 988 more");
    }

    @Test
    void jsonThatIsNoObject() throws IOException {
        complains(
                write("l.json", "[{\"user\":\"a\"}]"), "line 1 holds a list, but each line must hold one JSON object");
        complains(write("l.json", "7\n"), "line 1 holds a number");
    }

    @Test
    void keyFieldThatIsNotThere() throws IOException {
        complains(
                write("k.ndjson", "{\"user\":\"a\"}\n{\"name\":\"b\",\"id\":1}\n"),
                "line 2 has no field 'user'; it has: id, name");
        complains(write("k.csv", "id,name\n1,a\n"), "line 1 names no column 'user'; it names: id, name");
        complains(write("k.csv", "id,user\n1,a\n2\n"), "line 3 ends before the column 'user'");
    }

    @Test
    void keyThatIsNeitherStringNorNumber() throws IOException {
        complains(write("t.ndjson", "{\"user\":null}\n"), "line 1 has null in the field 'user'");
        complains(write("t.ndjson", "{\"user\":true}\n"), "line 1 has a boolean");
        complains(write("t.ndjson", "{\"user\":{}}\n"), "line 1 has an object");
        complains(write("t.ndjson", "{\"user\":[\"a\"]}\n"), "line 1 has a list");
    }

    @Test
    void twoRecordsOfOneKey() throws IOException {
        complains(
                write("d.ndjson", "{\"user\":\"1\"}\n{\"user\":\"b\"}\n{\"user\":1}\n"),
                "line 3 has the key '1' of line 1; each record needs a key of its own");
        complains(write("d.csv", "user\n\"a\nb\"\nc\n\"a\nb\"\n"), "line 5 has the key 'a\\u{000A}b' of line 2");
    }

    @Test
    void keyThatHoldsNul() throws IOException {
        complains(write("n.ndjson", "{\"user\":\"a\\u0000b\"}\n"), "line 1 has a key that holds a NUL");
        complains(write("n.csv", "user\na\0b\n"), "line 2 has a key that holds a NUL");
    }

    @Test
    void emptyKey() throws IOException {
        complains(write("e.ndjson", "{\"user\":\"\"}\n"), "line 1 has an empty key");
        complains(write("e.csv", "id,user\n1,\n"), "line 2 has an empty key");
    }

    @Test
    void keyThatIsTooLongOrNoText() throws IOException {
        complains(
                write("l.ndjson", "{\"user\":\"" + "\u00E4".repeat(600) + "\"}\n"),
                "line 1 has a key that can't be kept");
        complains(write("s.ndjson", "{\"user\":\"\\ud800\"}\n"), "line 1 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.ndjson", "x.csv"})
    void notUtf8IsSaidOfTheRightLine(String name) throws IOException {
        String good = name.endsWith("csv") ? "user\nanna\n" : "{\"user\":\"anna\"}\n\n";
        Path file = Files.write(
                folder.resolve(name), (good + "{\"user\":\"J\u00F6rg\"}\n").getBytes(StandardCharsets.ISO_8859_1));
        complains(file, "line 3 is not in UTF-8");
    }

    @Test
    void brokenCsv() throws IOException {
        complains(write("q.csv", "user\na\n\"b\nc\nd\n"), "line 3 begins broken CSV: Missing closing quote");
        complains(write("q.csv", "user\na\nb,c\n"), "line 3 begins broken CSV: Too many entries");
        complains(write("q.csv", "user,user\na,b\n"), "line 1 names the column 'user' twice");
    }

    @Test
    void complaintIsOneLineWhateverTheFileHolds() throws IOException {
        Path file = write("c.ndjson", "\u001B[2J\n");
        assertThatThrownBy(() -> new InputFile(file, "user").read())
                .isInstanceOf(CoreException.class)
                .message()
                .doesNotContainPattern("\\p{Cntrl}");
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static void complainsAtTheEnd(Path file, String complaint) {
        assertThatThrownBy(() -> new InputFile(file, "user").read())
                .isInstanceOf(CoreException.class)
                .message()
                .endsWith(complaint);
    }

    private static void complains(Path file, String complaint) {
        assertThatThrownBy(() -> new InputFile(file, "user").read())
                .isInstanceOf(CoreException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(complaint);
    }
}
