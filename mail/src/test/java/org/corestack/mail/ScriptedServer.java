package org.corestack.mail;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * An SMTP server that records each byte and answers as a test tells it, in ways that no honest server would. It shares no
 * code with any mail library.
 */
final class ScriptedServer implements AutoCloseable {
    /** As an answer: the connection is reset. */
    static final String CUT = "!cut";
    /** As an answer: there is none, and the connection stays open. */
    static final String SILENT = "!silent";
    /** As an answer: one that comes byte by byte, never too slowly, and has no end. */
    static final String DRIP = "!drip";
    /** As a command: the greeting. */
    static final String GREETING = "GREETING";

    /** A message as it came, dots undone, and what was said before it. */
    static final class Mail {
        private final String from;
        private final List<String> receivers;
        private final byte[] bytes;

        private Mail(String from, List<String> receivers, byte[] bytes) {
            this.from = from;
            this.receivers = receivers;
            this.bytes = bytes;
        }

        String from() {
            return from;
        }

        List<String> receivers() {
            return receivers;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    private final ServerSocket listener;
    private final Thread acceptor;
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<Mail> mails = new CopyOnWriteArrayList<>();
    private final List<String> extensions = new CopyOnWriteArrayList<>();
    private final Map<String, ConcurrentLinkedDeque<String>> once = new ConcurrentHashMap<>();
    private final Map<String, UnaryOperator<@Nullable String>> always = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final CopyOnWriteArrayList<Integer> connections = new CopyOnWriteArrayList<>();
    private volatile @Nullable SSLContext tls;

    ScriptedServer() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        acceptor = daemon(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The extensions in its answer to EHLO. */
    ScriptedServer offers(String... names) {
        extensions.addAll(List.of(names));
        return this;
    }

    /** Encrypts after STARTTLS, which it offers. */
    ScriptedServer startTls(SSLContext context) {
        tls = context;
        return offers("STARTTLS");
    }

    /** The answers to the next commands of a kind: MAIL, RCPT, DATA, "." and so on. */
    ScriptedServer next(String command, String... answers) {
        once.computeIfAbsent(command, key -> new ConcurrentLinkedDeque<>()).addAll(List.of(answers));
        return this;
    }

    /** The answer to each command of a kind by its line; null for the usual one. */
    ScriptedServer on(String command, UnaryOperator<@Nullable String> answer) {
        always.put(command, answer);
        return this;
    }

    /** Every line but the message's, as it came. */
    List<String> commands() {
        return commands;
    }

    List<Mail> mails() {
        return mails;
    }

    Mail mail() {
        if (mails.size() != 1) {
            throw new AssertionError(mails.size() + " messages instead of one; commands: " + commands);
        }
        return mails.get(0);
    }

    int connections() {
        return connections.size();
    }

    int openConnections() {
        return open.size();
    }

    /** Resets every connection that is there. */
    void cutAll() {
        open.forEach(ScriptedServer::reset);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cutAll();
        try {
            // The port is free only when the thread that waited for a client on it has left it.
            acceptor.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                connections.add(connections.size());
                daemon(() -> serve(socket));
            } catch (IOException e) {
                // the port was closed
                break;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            new Dialogue(socket).run();
        } catch (IOException e) {
            // the client or a test broke it off
            reset(socket);
        } finally {
            open.remove(socket);
        }
    }

    private Socket encrypted(Socket socket) throws IOException {
        SSLContext context = tls;
        if (context == null) {
            throw new IOException("no certificate");
        }
        SSLSocket encrypted =
                (SSLSocket) context.getSocketFactory().createSocket(socket, "client", socket.getPort(), true);
        encrypted.setUseClientMode(false);
        encrypted.startHandshake();
        return encrypted;
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // it is gone, which was the aim
            return;
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "scripted-server");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private final class Dialogue {
        private final Socket raw;
        private InputStream in;
        private OutputStream out;
        private String from = "";
        private final List<String> receivers = new CopyOnWriteArrayList<>();

        Dialogue(Socket raw) throws IOException {
            this.raw = raw;
            this.in = new BufferedInputStream(raw.getInputStream());
            this.out = raw.getOutputStream();
        }

        void run() throws IOException {
            answer(GREETING, "", "220 scripted ESMTP");
            @Nullable String line;
            while ((line = line()) != null) {
                commands.add(line);
                String command = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
                boolean positive = answer(command, line, usual(command));
                if (command.equals("QUIT")) {
                    return;
                }
                if (positive) {
                    follow(command, line);
                }
            }
        }

        private void follow(String command, String line) throws IOException {
            switch (command) {
                case "STARTTLS" -> {
                    Socket encrypted = encrypted(raw);
                    in = new BufferedInputStream(encrypted.getInputStream());
                    out = encrypted.getOutputStream();
                }
                case "MAIL" -> {
                    from = line;
                    receivers.clear();
                }
                case "RCPT" -> receivers.add(line);
                case "DATA" -> {
                    byte[] message = message();
                    mails.add(new Mail(from, List.copyOf(receivers), message));
                    answer(".", ".", "250 2.0.0 taken");
                }
                default -> {
                    // nothing follows
                }
            }
        }

        private String usual(String command) {
            return switch (command) {
                case "EHLO" -> {
                    StringBuilder answer = new StringBuilder("250-scripted");
                    extensions.forEach(name -> answer.append("\r\n250-").append(name));
                    yield answer.append("\r\n250 HELP").toString();
                }
                case "DATA" -> "354 go on";
                case "STARTTLS" -> "220 encrypt";
                case "AUTH" -> "235 2.7.0 welcome";
                case "QUIT" -> "221 bye";
                default -> "250 2.0.0 fine";
            };
        }

        private boolean answer(String command, String line, String usual) throws IOException {
            String answer = scripted(command, line);
            if (answer == null) {
                answer = usual;
            }
            if (answer.equals(CUT)) {
                reset(raw);
                throw new IOException("cut");
            }
            if (answer.equals(DRIP)) {
                drip();
            }
            if (!answer.equals(SILENT)) {
                out.write((answer + "\r\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
            return answer.startsWith(command.equals("DATA") ? "354" : "2");
        }

        private void drip() throws IOException {
            raw.setSoTimeout(20);
            int heard = 0;
            while (heard >= 0) {
                out.write('2');
                try {
                    heard = raw.getInputStream().read();
                } catch (SocketTimeoutException e) {
                    // the client still listens
                    heard = 0;
                }
            }
            throw new IOException("the client had enough");
        }

        private @Nullable String scripted(String command, String line) {
            ConcurrentLinkedDeque<String> queue = once.get(command);
            String next = queue == null ? null : queue.pollFirst();
            if (next != null) {
                return next;
            }
            UnaryOperator<@Nullable String> rule = always.get(command);
            return rule == null ? null : rule.apply(line);
        }

        private @Nullable String line() throws IOException {
            byte[] line = rawLine();
            return line == null ? null : new String(line, 0, line.length - 2, StandardCharsets.UTF_8);
        }

        /** Up to CR LF and with it; null at the end. Bare ones are part of the line. */
        private byte @Nullable [] rawLine() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int before = -1;
            int b;
            while ((b = in.read()) >= 0) {
                line.write(b);
                if (b == '\n' && before == '\r') {
                    return line.toByteArray();
                }
                before = b;
            }
            return null;
        }

        private byte[] message() throws IOException {
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            while (true) {
                byte[] line = rawLine();
                if (line == null) {
                    throw new IOException("the message has no end");
                }
                if (line.length == 3 && line[0] == '.') {
                    return message.toByteArray();
                }
                int start = line[0] == '.' ? 1 : 0;
                message.write(line, start, line.length - start);
            }
        }
    }
}
