package dev.tandem.inference.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
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

/** Gives each large constant a file of its own, named by the SHA-256 of its bytes; equal constants share one. */
final class WeightStore {
    private static final int BUFFER_BYTES = 1 << 18;

    private final Path source;
    private final Path target;

    /**
     * @param source directory that the constants' references are relative to
     * @param target directory for the weight files
     */
    WeightStore(Path source, Path target) {
        this.source = source;
        this.target = target;
    }

    /** The constant, with a reference to its own file where it is large. */
    TensorProto rehome(TensorProto tensor) {
        try {
            ExternalReference reference = ExternalReference.of(tensor).orElse(null);
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

    private ExternalReference write(TensorProto tensor) throws IOException {
        byte[] bytes = tensor.getRawData().toByteArray();
        String name = Sha256.of(bytes);
        Files.write(target.resolve(name), bytes);
        return new ExternalReference(name, 0, bytes.length);
    }

    private ExternalReference copy(ExternalReference reference, long length) throws IOException {
        Path part = target.resolve("weight.part");
        MessageDigest digest = Sha256.digest();
        try (FileChannel in = FileChannel.open(reference.file(source));
                FileChannel out = FileChannel.open(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            copy(in.position(reference.offset()), out, length, digest);
        }
        String name = Sha256.hex(digest.digest());
        Files.move(part, target.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        return new ExternalReference(name, 0, length);
    }

    private static void copy(FileChannel in, FileChannel out, long length, MessageDigest digest) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.max(1, Math.min(BUFFER_BYTES, length)));
        for (long left = length; left > 0; left -= buffer.limit()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), left));
            while (buffer.hasRemaining()) {
                if (in.read(buffer) < 0) {
                    throw new IOException("file ends " + left + " bytes early");
                }
            }
            digest.update(buffer.flip());
            buffer.rewind();
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
        }
    }
}
