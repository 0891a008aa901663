package dev.tandem.inference.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.tandem.inference.graph.OnnxTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gives each large constant a file of its own, named by the SHA-256 of its bytes; equal constants share one. */
final class WeightStore {
    private static final int BUFFER_BYTES = 1 << 18;

    private final Path source;
    private final Path target;
    /** Names of the files written so far. */
    private final Set<String> written = new HashSet<>();

    /**
     * @param source directory that the constants' references are relative to
     * @param target directory for the weight files
     */
    WeightStore(Path source, Path target) {
        this.source = source;
        this.target = target;
    }

    /** The constant, with a reference to its own file where it is large; one that has it already stays as it is. */
    TensorProto rehome(TensorProto tensor) {
        try {
            ExternalReference reference = ExternalReference.of(tensor).orElse(null);
            if (reference != null && written.contains(reference.location())) {
                return tensor;
            }
            if (reference != null) {
                long length = reference.length() < 0 ? OnnxTypes.storedBytes(tensor) : reference.length();
                return copy(reference, length).applyTo(tensor);
            }
            return tensor.getRawData().size() < SlimReader.INLINE_LIMIT_BYTES
                    ? tensor
                    : write(tensor).applyTo(tensor);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write tensor '" + tensor.getName() + "' to " + target, e);
        }
    }

    /** Whether the bytes of the constant can be reached one by one. */
    boolean canSlice(TensorProto tensor) {
        return OnnxTypes.of(tensor.getDataType()).isPresent()
                && (tensor.hasRawData() || ExternalReference.of(tensor).isPresent());
    }

    /** A slice of a constant, with a file of its own where it is large. */
    TensorProto slice(TensorSlice slice, String name) {
        try {
            ExternalReference reference = ExternalReference.of(slice.tensor()).orElse(null);
            TensorProto.Builder header = slice.header(name);
            if (reference == null || slice.bytes() < SlimReader.INLINE_LIMIT_BYTES) {
                return rehome(header.setRawData(bytes(slice, reference)).build());
            }
            return copy(reference, slice).applyTo(header.build());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write tensor '" + name + "' to " + target, e);
        }
    }

    private ByteString bytes(TensorSlice slice, @Nullable ExternalReference reference) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(slice.bytes()));
        if (reference == null) {
            ByteBuffer raw = slice.tensor().getRawData().asReadOnlyByteBuffer();
            for (long span = 0; span < slice.spans(); span++) {
                bytes.put(raw.slice(Math.toIntExact(slice.offset(span)), Math.toIntExact(slice.spanBytes())));
            }
        } else {
            try (FileChannel in = FileChannel.open(reference.file(source))) {
                for (long span = 0; span < slice.spans(); span++) {
                    bytes.limit(bytes.position() + Math.toIntExact(slice.spanBytes()));
                    fill(bytes, in.position(reference.offset() + slice.offset(span)));
                }
            }
        }
        return ByteString.copyFrom(bytes.flip());
    }

    private ExternalReference write(TensorProto tensor) throws IOException {
        byte[] bytes = tensor.getRawData().toByteArray();
        String name = Sha256.of(bytes);
        Files.write(target.resolve(name), bytes);
        written.add(name);
        return new ExternalReference(name, 0, bytes.length);
    }

    private ExternalReference copy(ExternalReference reference, long length) throws IOException {
        return copy(reference, length, (in, out) -> out.append(in.position(reference.offset()), length));
    }

    private ExternalReference copy(ExternalReference reference, TensorSlice slice) throws IOException {
        return copy(reference, slice.bytes(), (in, out) -> {
            for (long span = 0; span < slice.spans(); span++) {
                out.append(in.position(reference.offset() + slice.offset(span)), slice.spanBytes());
            }
        });
    }

    private ExternalReference copy(ExternalReference reference, long length, Copying copying) throws IOException {
        Path part = target.resolve("weight.part");
        MessageDigest digest = Sha256.digest();
        try (FileChannel in = FileChannel.open(reference.file(source));
                FileChannel out = FileChannel.open(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            WeightWriter writer = new WeightWriter(out, digest);
            copying.copy(in, writer);
            writer.flush();
        }
        String name = Sha256.hex(digest.digest());
        Files.move(part, target.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        written.add(name);
        return new ExternalReference(name, 0, length);
    }

    private static void fill(ByteBuffer buffer, FileChannel in) throws IOException {
        while (buffer.hasRemaining()) {
            if (in.read(buffer) < 0) {
                throw new IOException("file ends " + buffer.remaining() + " bytes early");
            }
        }
    }

    /** Appends parts of a file to another. */
    private interface Copying {
        void copy(FileChannel in, WeightWriter out) throws IOException;
    }

    /** Gathers what is appended, so that short runs of bytes are written together. */
    private static final class WeightWriter {
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        private final FileChannel out;
        private final MessageDigest digest;

        WeightWriter(FileChannel out, MessageDigest digest) {
            this.out = out;
            this.digest = digest;
        }

        void append(FileChannel in, long bytes) throws IOException {
            for (long left = bytes; left > 0; ) {
                if (!buffer.hasRemaining()) {
                    flush();
                }
                int step = (int) Math.min(buffer.remaining(), left);
                fill(buffer.limit(buffer.position() + step), in);
                buffer.limit(buffer.capacity());
                left -= step;
            }
        }

        void flush() throws IOException {
            digest.update(buffer.flip());
            buffer.rewind();
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
            buffer.clear();
        }
    }
}
