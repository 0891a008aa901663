package dev.tandem.actors.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

/** A weight piece with random bytes. */
final class TestWeights {

    private final byte[] bytes;
    private final PieceRef ref;

    TestWeights(long seed, int length) {
        bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        ref = new PieceRef(sha(bytes), length);
    }

    PieceRef ref() {
        return ref;
    }

    byte[] bytes() {
        return bytes.clone();
    }

    byte[] bytes(int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    void writeTo(Path directory) {
        try {
            Files.write(directory.resolve(ref.sha()), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
