package dev.tandem.deploy.tensor;

import dev.tandem.core.graph.TensorSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * NumPy's {@code .npy} files, format versions 1, 2 and 3, C order only.
 *
 * <pre>
 * 6 bytes  \x93NUMPY
 * 2 bytes  major and minor version
 * 2 bytes  (version 1) or 4 bytes (2 and 3): length of the header, little-endian
 * n bytes  header: a Python dictionary in text, padded so that the elements begin at a multiple of 64
 * the rest elements in row-major order
 * </pre>
 *
 * Source: NumPy documentation, {@code numpy.lib.format}.
 */
public final class NpyFile {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int PREFIX_BYTES = MAGIC.length + 2;
    private static final int ALIGNMENT_BYTES = 64;
    private static final int MAX_HEADER_BYTES = 1 << 20;
    private static final int SHORT_LENGTH_BYTES = 2;
    private static final int LONG_LENGTH_BYTES = 4;
    private static final int UNSIGNED_SHORT = 0xFFFF;

    private NpyFile() {}

    /**
     * Reads a file as a tensor of the given name.
     *
     * @throws TensorFileException if the file is absent, truncated, too long, in Fortran order or of another element type
     */
    public static TensorValue read(Path file, String name) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            NpyHeader header = readHeader(file, channel);
            return readElements(file, channel, header.spec(name), header.order());
        } catch (NoSuchFileException e) {
            throw new TensorFileException(file, "no such file.", e);
        } catch (IOException e) {
            throw new TensorFileException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    /** Writes a tensor as format version 1, replacing what is there. BFLOAT16 is written as raw {@code u2}. */
    public static void write(Path file, TensorValue value) throws IOException {
        String header = NpyHeader.text(value.spec());
        int unpadded = PREFIX_BYTES + SHORT_LENGTH_BYTES + header.length() + 1;
        int total = (unpadded + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
        ByteBuffer start = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
        start.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (total - PREFIX_BYTES - SHORT_LENGTH_BYTES));
        start.put(header.getBytes(StandardCharsets.ISO_8859_1));
        while (start.remaining() > 1) {
            start.put((byte) ' ');
        }
        start.put((byte) '\n');
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            writeAll(channel, start.rewind());
            writeAll(channel, value.buffer());
        }
    }

    private static NpyHeader readHeader(Path file, FileChannel channel) throws IOException {
        byte[] prefix = readExactly(file, channel, PREFIX_BYTES, "its start");
        if (!Arrays.equals(MAGIC, 0, MAGIC.length, prefix, 0, MAGIC.length)) {
            throw new TensorFileException(file, "is not a .npy file: it must begin with \\x93NUMPY.");
        }
        int major = prefix[MAGIC.length];
        if (major < 1 || major > 3) {
            throw new TensorFileException(file, "format version (" + major + ") must be 1, 2 or 3.");
        }
        int length = headerLength(file, channel, major);
        byte[] header = readExactly(file, channel, length, "its header");
        return NpyHeader.parse(file, new String(header, StandardCharsets.UTF_8));
    }

    private static int headerLength(Path file, FileChannel channel, int major) throws IOException {
        int bytes = major == 1 ? SHORT_LENGTH_BYTES : LONG_LENGTH_BYTES;
        ByteBuffer field =
                ByteBuffer.wrap(readExactly(file, channel, bytes, "its header")).order(ByteOrder.LITTLE_ENDIAN);
        int length = major == 1 ? field.getShort() & UNSIGNED_SHORT : field.getInt();
        if (length < 0 || length > MAX_HEADER_BYTES) {
            throw new TensorFileException(
                    file, "header length (" + length + ") must be at most " + MAX_HEADER_BYTES + ".");
        }
        return length;
    }

    private static TensorValue readElements(Path file, FileChannel channel, TensorSpec spec, ByteOrder order)
            throws IOException {
        long present = channel.size() - channel.position();
        if (present != spec.bytes()) {
            throw new TensorFileException(
                    file,
                    (present < spec.bytes() ? "is truncated: " : "is too long: ") + spec.type() + " " + spec.shape()
                            + " needs " + spec.bytes() + " bytes of elements, the file has " + present + ".");
        }
        TensorValue value = TensorValue.allocate(spec);
        ByteBuffer content = value.buffer();
        fill(file, channel, content, "its elements");
        if (order != ByteOrder.nativeOrder()) {
            swap(content.clear(), spec.type().bytes());
        }
        return value;
    }

    private static void swap(ByteBuffer content, int elementBytes) {
        for (int start = 0; start < content.limit(); start += elementBytes) {
            for (int low = start, high = start + elementBytes - 1; low < high; low++, high--) {
                byte held = content.get(low);
                content.put(low, content.get(high));
                content.put(high, held);
            }
        }
    }

    private static byte[] readExactly(Path file, FileChannel channel, int bytes, String part) throws IOException {
        byte[] content = new byte[bytes];
        fill(file, channel, ByteBuffer.wrap(content), part);
        return content;
    }

    private static void fill(Path file, FileChannel channel, ByteBuffer buffer, String part) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new TensorFileException(file, "is truncated: it ends in " + part + ".");
            }
        }
    }

    private static void writeAll(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
