package dev.tandem.actors.transport;

import dev.tandem.core.region.RegionView;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC-32C (RFC 3720), which processors compute in hardware. Bytes that are copied are summed block by block on the way, while
 * they are in the processor's nearest cache: what they cost is to be fetched, not to be summed.
 */
final class Checksum {

    private static final int BLOCK_BYTES = 16 * 1024;

    private Checksum() {}

    /** Of the bytes from position to limit, neither of which moves. */
    static int of(ByteBuffer data) {
        CRC32C crc = new CRC32C();
        crc.update(data.duplicate());
        return (int) crc.getValue();
    }

    /** Copies bytes {@code [offset, offset + length)} of the view to the target's position, which advances. */
    static int copy(RegionView source, long offset, ByteBuffer target, int length) {
        CRC32C crc = new CRC32C();
        ByteBuffer written = target.duplicate();
        for (int done = 0; done < length; ) {
            int block = Math.min(BLOCK_BYTES, length - done);
            int at = target.position();
            source.copyTo(offset + done, target, block);
            crc.update(written.limit(at + block).position(at));
            done += block;
        }
        return (int) crc.getValue();
    }

    /** Fills the array from the source's position, which advances. */
    static int copy(ByteBuffer source, byte[] target) {
        CRC32C crc = new CRC32C();
        for (int done = 0; done < target.length; ) {
            int block = Math.min(BLOCK_BYTES, target.length - done);
            source.get(target, done, block);
            crc.update(target, done, block);
            done += block;
        }
        return (int) crc.getValue();
    }
}
