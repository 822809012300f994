package org.corestack.testkit;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;

/**
 * A MongoDB server by script, for tests of what no stand-in can show: the only member of a replica set, that answers each
 * command as a test says, by the public wire protocol (OP_MSG, and OP_QUERY for the first hello) over a loopback socket.
 * What no script says it answers as a server would that has nothing to tell. Thread-safe. Who uses it has to have
 * {@code org.mongodb:bson}, which the testkit does not bring.
 *
 * <p>It proves nothing about MongoDB: a script is worth as much as the specification that it tells again, which its test
 * should name.
 */
public final class ScriptedMongoServer implements AutoCloseable {
    private static final int OP_REPLY = 1;
    private static final int OP_QUERY = 2004;
    private static final int OP_MSG = 2013;
    private static final Set<String> HELLOS = Set.of("hello", "ismaster", "isMaster");

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<String, Deque<Script>> scripts = new HashMap<>(); // guarded by this
    private final List<BsonDocument> received = new ArrayList<>(); // guarded by this
    private final BsonBinary uuid = new BsonBinary(UUID.randomUUID());
    private final CountDownLatch over = new CountDownLatch(1);
    private BsonTimestamp time = new BsonTimestamp(1_700_000_000, 1); // guarded by this
    private boolean primary = true; // guarded by this
    private boolean standalone; // guarded by this
    private boolean router; // guarded by this
    private int wireVersion = 9; // guarded by this

    /** Answers one command. */
    public interface Script {
        /** The reply, to which {@code ok} and the times are added where they are missing; null cuts the connection. */
        @Nullable
        BsonDocument answer(BsonDocument command) throws InterruptedException;
    }

    /** One on a free port. */
    public ScriptedMongoServer() {
        this(ServerSocketFactory.getDefault());
    }

    /** One whose sockets are of a factory, such as one for TLS. */
    public ScriptedMongoServer(ServerSocketFactory sockets) {
        try {
            listener = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        start(this::accept, "scripted-server");
    }

    private static void start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Host and port. */
    public String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** What a client is opened by. */
    public String uri() {
        return "mongodb://" + address() + "/?heartbeatFrequencyMS=500";
    }

    /** Answers the next command of a name that no earlier script answers. */
    public synchronized ScriptedMongoServer on(String command, Script script) {
        scripts.computeIfAbsent(command, missing -> new ArrayDeque<>()).add(script);
        return this;
    }

    /** Answers the next command of a name with a document, {@code ok} added. */
    public ScriptedMongoServer on(String command, String json) {
        return on(command, asked -> BsonDocument.parse(json));
    }

    /** Answers the next command of a name with an error. */
    public ScriptedMongoServer fail(String command, int code, String name, String... labels) {
        return on(command, asked -> error(code, name, labels));
    }

    /** A reply that is an error. */
    public static BsonDocument error(int code, String name, String... labels) {
        BsonDocument error = new BsonDocument("ok", new BsonDouble(0))
                .append("code", new BsonInt32(code))
                .append("codeName", new BsonString(name))
                .append("errmsg", new BsonString("scripted " + name));
        if (labels.length > 0) {
            error.append(
                    "errorLabels",
                    new BsonArray(List.of(labels).stream().map(BsonString::new).toList()));
        }
        return error;
    }

    /** Cuts the connection on which the next command of a name comes. */
    public ScriptedMongoServer cut(String command) {
        return on(command, asked -> null);
    }

    /** Makes it the primary, which it is at first, or a secondary. */
    public synchronized ScriptedMongoServer primary(boolean is) {
        primary = is;
        return this;
    }

    /** Makes it a server of no replica set. */
    public synchronized ScriptedMongoServer standalone() {
        standalone = true;
        return this;
    }

    /** Makes it a router of a sharded cluster. */
    public synchronized ScriptedMongoServer router() {
        router = true;
        return this;
    }

    /** Makes it of another version, which is 4.4 (9) at first. */
    public synchronized ScriptedMongoServer wireVersion(int version) {
        wireVersion = version;
        return this;
    }

    /** The commands of a name, as they came. */
    public synchronized List<BsonDocument> received(String command) {
        return received.stream()
                .filter(each -> each.getFirstKey().equals(command))
                .toList();
    }

    /** The next moment of the cluster. */
    public synchronized BsonTimestamp tick() {
        time = new BsonTimestamp(time.getTime(), time.getInc() + 1);
        return time;
    }

    /** The cluster's time. */
    public synchronized BsonTimestamp time() {
        return time;
    }

    /** The UUID of the one collection that there is, {@code things} of {@code shop}. */
    public UUID collection() {
        return uuid.asUuid();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                open.add(socket);
                start(() -> serve(socket), "scripted-connection");
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                ByteBuffer head = read(in, 16);
                int length = head.getInt();
                int request = head.getInt();
                head.getInt();
                int opcode = head.getInt();
                ByteBuffer body = read(in, length - 16);
                BsonDocument command = opcode == OP_QUERY ? query(body) : message(body);
                BsonDocument reply = answer(command);
                if (reply == null) {
                    return;
                }
                send(socket.getOutputStream(), request, opcode, reply);
            }
        } catch (IOException | InterruptedException e) {
            // the client is gone, or the test is over
        } finally {
            open.remove(socket);
        }
    }

    private static ByteBuffer read(DataInputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static BsonDocument query(ByteBuffer body) {
        body.getInt();
        while (body.get() != 0) {
            // the collection's name
        }
        body.position(body.position() + 8);
        return document(body);
    }

    /** The command, with the documents of its sequences as arrays. */
    private static BsonDocument message(ByteBuffer body) {
        body.getInt();
        BsonDocument command = new BsonDocument();
        while (body.remaining() > 4) {
            if (body.get() == 0) {
                command.putAll(document(body));
                continue;
            }
            int end = body.position() + body.getInt(body.position());
            body.getInt();
            StringBuilder name = new StringBuilder();
            for (byte c = body.get(); c != 0; c = body.get()) {
                name.append((char) c);
            }
            BsonArray documents = new BsonArray();
            while (body.position() < end) {
                documents.add(document(body));
            }
            command.put(name.toString(), documents);
        }
        return command;
    }

    private static BsonDocument document(ByteBuffer from) {
        byte[] bytes = new byte[from.getInt(from.position())];
        from.get(bytes);
        return new RawBsonDocument(bytes).decode(new BsonDocumentCodec());
    }

    private @Nullable BsonDocument answer(BsonDocument command) throws InterruptedException {
        String name = command.getFirstKey();
        Script script;
        synchronized (this) {
            if (!HELLOS.contains(name)) {
                received.add(command);
            }
            Deque<Script> waiting = scripts.get(name);
            script = waiting == null ? null : waiting.poll();
        }
        BsonDocument reply = script == null ? usual(name, command) : script.answer(command);
        if (reply != null) {
            reply = reply.clone();
            reply.putIfAbsent("ok", new BsonDouble(1));
            reply.putIfAbsent("operationTime", time());
            reply.putIfAbsent(
                    "$clusterTime",
                    new BsonDocument("clusterTime", time())
                            .append(
                                    "signature",
                                    new BsonDocument("hash", new BsonBinary(new byte[20]))
                                            .append("keyId", new BsonInt64(0))));
        }
        return reply;
    }

    private BsonDocument usual(String name, BsonDocument command) throws InterruptedException {
        if (HELLOS.contains(name)) {
            return hello();
        }
        return switch (name) {
            case "listCollections" ->
                BsonDocument.parse(
                        "{cursor: {id: {$numberLong: '0'}, ns: 'shop.$cmd.listCollections', firstBatch: [{name: 'things',"
                                + " type: 'collection', options: {}, info: {readOnly: false, uuid: {$uuid: '"
                                + uuid.asUuid() + "'}}}]}}");
            case "find", "listIndexes" -> batch("firstBatch", 0);
            case "aggregate" -> batch("firstBatch", 77);
            case "getMore" -> {
                boolean ended = over.await(
                        command.getNumber("maxTimeMS", new BsonInt64(20)).longValue(), TimeUnit.MILLISECONDS);
                yield batch("nextBatch", ended ? 0 : 77);
            }
            default -> new BsonDocument();
        };
    }

    /**
     * A reply with documents of a cursor.
     *
     * @param which {@code firstBatch} or {@code nextBatch}
     * @param cursor the cursor's number, 0 where it is at its end
     */
    public static BsonDocument batch(String which, long cursor, BsonDocument... documents) {
        return new BsonDocument(
                "cursor",
                new BsonDocument("id", new BsonInt64(cursor))
                        .append("ns", new BsonString("shop.things"))
                        .append(which, new BsonArray(List.of(documents))));
    }

    private synchronized BsonDocument hello() {
        BsonDocument hello = new BsonDocument("maxBsonObjectSize", new BsonInt32(16 * 1024 * 1024))
                .append("maxMessageSizeBytes", new BsonInt32(48_000_000))
                .append("maxWriteBatchSize", new BsonInt32(100_000))
                .append("localTime", new BsonDateTime(System.currentTimeMillis()))
                .append("logicalSessionTimeoutMinutes", new BsonInt32(30))
                .append("minWireVersion", new BsonInt32(0))
                .append("maxWireVersion", new BsonInt32(wireVersion))
                .append("readOnly", BsonBoolean.FALSE)
                .append("ismaster", BsonBoolean.valueOf(primary));
        if (router) {
            hello.append("msg", new BsonString("isdbgrid"));
        } else if (!standalone) {
            hello.append("setName", new BsonString("scripted"))
                    .append("setVersion", new BsonInt32(1))
                    .append("secondary", BsonBoolean.valueOf(!primary))
                    .append("hosts", new BsonArray(List.of(new BsonString(address()))))
                    .append("me", new BsonString(address()));
        }
        return hello;
    }

    private void send(OutputStream out, int request, int opcode, BsonDocument reply) throws IOException {
        RawBsonDocument raw = new RawBsonDocument(reply, new BsonDocumentCodec());
        ByteBuffer bytes = raw.getByteBuffer().asNIO();
        int extra = opcode == OP_QUERY ? 20 : 5;
        ByteBuffer message = ByteBuffer.allocate(16 + extra + bytes.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        message.putInt(message.capacity()).putInt(1).putInt(request).putInt(opcode == OP_QUERY ? OP_REPLY : OP_MSG);
        if (opcode == OP_QUERY) {
            message.putInt(8).putLong(0).putInt(0).putInt(1);
        } else {
            message.putInt(0).put((byte) 0);
        }
        message.put(bytes);
        synchronized (out) {
            out.write(message.array());
            out.flush();
        }
    }

    /** Ends it and cuts its connections. */
    @Override
    public void close() {
        over.countDown();
        try {
            listener.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
