package dev.tandem.actors.transport;

import java.io.NotSerializableException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.pekko.serialization.ByteBufferSerializer;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Writes a {@link Credit} as it is: one goes back for every piece, so it must cost next to nothing.
 *
 * <p>Manifest {@code k1}, little-endian:
 *
 * <pre>
 *   0  i64  epoch
 *   8  i32  lane      index into the plan's lanes
 *  12  i32  edge      index into the lane's edges
 *  16  i64  sequence
 * </pre>
 *
 * Threading: stateless.
 */
public final class CreditSerializer extends SerializerWithStringManifest implements ByteBufferSerializer {

    static final String MANIFEST = "k1";

    private static final int IDENTIFIER = 7304;
    private static final int BYTES = 2 * Long.BYTES + 2 * Integer.BYTES;

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        credit(message);
        return MANIFEST;
    }

    @Override
    public byte[] toBinary(Object message) {
        byte[] array = new byte[BYTES];
        toBinary(message, ByteBuffer.wrap(array));
        return array;
    }

    @Override
    public void toBinary(Object message, ByteBuffer target) {
        Credit credit = credit(message);
        ByteOrder order = target.order();
        target.order(ByteOrder.LITTLE_ENDIAN);
        try {
            target.putLong(credit.route().epoch());
            target.putInt(credit.route().lane()).putInt(credit.route().edge());
            target.putLong(credit.sequence());
        } finally {
            target.order(order);
        }
    }

    @Override
    public Object fromBinary(byte[] array, String manifest) throws NotSerializableException {
        return fromBinary(ByteBuffer.wrap(array), manifest);
    }

    @Override
    public Object fromBinary(ByteBuffer source, String manifest) throws NotSerializableException {
        if (!manifest.equals(MANIFEST)) {
            throw new NotSerializableException("manifest '" + manifest + "' of a credit must be '" + MANIFEST
                    + "'. Maybe a node of another version sent it.");
        }
        ByteOrder order = source.order();
        source.order(ByteOrder.LITTLE_ENDIAN);
        try {
            Route route = new Route(source.getLong(), source.getInt(), source.getInt());
            return new Credit(route, source.getLong());
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            NotSerializableException failure = new NotSerializableException("credit is malformed: " + e);
            failure.initCause(e);
            throw failure;
        } finally {
            source.order(order);
        }
    }

    private static Credit credit(Object message) {
        if (message instanceof Credit credit) {
            return credit;
        }
        throw new IllegalArgumentException(
                "message of " + message.getClass() + " must be a Credit. Maybe the serializer binding is wrong.");
    }
}
