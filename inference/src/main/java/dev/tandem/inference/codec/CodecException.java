package dev.tandem.inference.codec;

/** A frame whose bytes are not what its codec writes. */
public final class CodecException extends RuntimeException {

    CodecException(String message) {
        super(message);
    }
}
