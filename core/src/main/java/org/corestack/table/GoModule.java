package org.corestack.table;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;
import org.corestack.document.Bytes;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.jdk.UUIDDeserializer;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** Teaches Jackson how Go's driver for MongoDB keeps the types that it has no own form for: {@link EntryShape#GO}. */
final class GoModule extends SimpleModule {
    private static final long serialVersionUID = 1L;
    private static final int UUID_BYTES = 16;

    GoModule() {
        super("corestack-go");
        addSerializer(UUID.class, new UuidSerializer());
        addDeserializer(UUID.class, new KeptDeserializer<>(UUID.class, GoModule::uuid, new UUIDDeserializer()));
        addSerializer(Duration.class, new DurationSerializer());
        addDeserializer(Duration.class, new DurationDeserializer());
    }

    private static @Nullable UUID uuid(Object kept) {
        if (kept instanceof byte[] bytes && bytes.length == UUID_BYTES) {
            ByteBuffer halves = ByteBuffer.wrap(bytes);
            return new UUID(halves.getLong(), halves.getLong());
        }
        return kept instanceof UUID uuid ? uuid : null;
    }

    /** An array of bytes to Go, and so to its driver. */
    private static final class UuidSerializer extends StdSerializer<UUID> {
        UuidSerializer() {
            super(UUID.class);
        }

        @Override
        public void serialize(UUID value, JsonGenerator out, SerializationContext context) {
            ByteBuffer bytes = ByteBuffer.allocate(UUID_BYTES);
            bytes.putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits());
            out.writeEmbeddedObject(Bytes.of(bytes.array()));
        }
    }

    private static final class DurationSerializer extends StdSerializer<Duration> {
        DurationSerializer() {
            super(Duration.class);
        }

        @Override
        public void serialize(Duration value, JsonGenerator out, SerializationContext context) {
            try {
                out.writeNumber(value.toNanos());
            } catch (ArithmeticException e) {
                throw new UnfitTypeException("a duration of more than 292 years is none in Go");
            }
        }
    }

    private static final class DurationDeserializer extends StdDeserializer<Duration> {
        DurationDeserializer() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser in, DeserializationContext context) {
            if (in.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                return Duration.ofNanos(in.getLongValue());
            }
            return (Duration) context.handleUnexpectedToken(Duration.class, in);
        }
    }
}
