package dev.tandem.actors.transport;

import java.util.HexFormat;

/**
 * Names a weight piece by its content.
 *
 * @param sha SHA-256 of the bytes, 64 lower-case hexadecimal digits
 */
public record PieceRef(String sha, long bytes) {

    private static final int SHA_DIGITS = 64;

    public PieceRef {
        checkSha(sha);
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes (" + bytes + ") of piece " + sha + " must not be negative");
        }
    }

    /** Refuses what is no SHA-256, before it becomes part of a file name. */
    static String checkSha(String sha) {
        boolean digits = sha.chars().allMatch(c -> HexFormat.isHexDigit(c) && !Character.isUpperCase(c));
        if (sha.length() != SHA_DIGITS || !digits) {
            throw new IllegalArgumentException("piece '" + sha + "' must be named by the " + SHA_DIGITS
                    + " lower-case hexadecimal digits of a SHA-256");
        }
        return sha;
    }
}
