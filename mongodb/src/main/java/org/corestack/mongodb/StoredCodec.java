package org.corestack.mongodb;

import org.bson.BsonBinaryReader;
import org.bson.BsonReader;
import org.bson.BsonType;
import org.bson.BsonWriter;
import org.bson.RawBsonDocument;
import org.bson.codecs.Codec;
import org.bson.codecs.DecoderContext;
import org.bson.codecs.EncoderContext;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Reads documents as the driver receives them, without a tree of the driver's between. */
final class StoredCodec implements Codec<StoredDocument> {
    /**
     * The document that some bytes are.
     *
     * @throws CoreException UNSUPPORTED if it holds what ours can't
     */
    static StoredDocument read(RawBsonDocument bytes) {
        return new StoredCodec()
                .decode(
                        new BsonBinaryReader(bytes.getByteBuffer().asNIO()),
                        DecoderContext.builder().build());
    }

    /** {@inheritDoc} Where there is no {@code _id}, which only a projection leaves out, the key is an empty text. */
    @Override
    public StoredDocument decode(BsonReader in, DecoderContext context) {
        @Nullable Key key = null;
        long version = 0;
        Document.Builder document = Document.builder();
        in.readStartDocument();
        try {
            while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
                String name = in.readName();
                if (name.equals(Names.ID)) {
                    key = BsonKeys.read(in);
                } else if (name.equals(Names.META)) {
                    version = Versions.read(in);
                } else {
                    document.set(Names.decode(name), BsonValues.read(in, name));
                }
            }
            in.readEndDocument();
            return new StoredDocument(key == null ? Key.of("") : key, document.build(), version);
        } catch (CoreException e) {
            throw new CoreException(
                    ErrorCode.UNSUPPORTED, "the document " + key + " can't be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void encode(BsonWriter out, StoredDocument value, EncoderContext context) {
        throw new UnsupportedOperationException("documents are written as bytes");
    }

    @Override
    public Class<StoredDocument> getEncoderClass() {
        return StoredDocument.class;
    }
}
