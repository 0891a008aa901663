package dev.tandem.actors.transport;

import dev.tandem.inference.codec.FrameEncoder;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Encoders for the threads that write frames, each used by one at a time. As many as there are such threads, which are few;
 * what they hold is kept for the next frame. Threading: any.
 */
final class FrameEncoders {

    /** Threads of Artery's dispatcher that may write at a time, at most; see tandem-pekko.conf. */
    private static final int MOST = 4;

    private final BlockingQueue<FrameEncoder> idle = new ArrayBlockingQueue<>(MOST);

    /** To be given back. */
    FrameEncoder take() {
        FrameEncoder encoder = idle.poll();
        return encoder == null ? new FrameEncoder() : encoder;
    }

    void giveBack(FrameEncoder encoder) {
        var unused = idle.offer(encoder);
    }
}
