package dev.tandem.harness.experiment.wire;

import dev.tandem.actors.transport.DataMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * One of the two processes that are measured. It does what its standard input says, a line at a time, answers on its
 * standard output, and ends with its standard input, so that it never outlives who started it.
 *
 * <pre>
 *   line                                               answer
 *   receive-frames EPOCH PIECE-BYTES WARM-MS MS FROM   0, ready to receive
 *   receive-plain WARM-MS MS                           the port it listens on
 *   send-frames EPOCH PIECE-BYTES MS TO                bytes sent, once all have arrived
 *   send-plain PORT MS TO                              the same
 *   received                                           bytes per second that arrived
 * </pre>
 *
 * FROM and TO are addresses of the other end. An answer is {@code ok VALUE}, or {@code failed REASON}.
 */
public final class WireEnd {

    /** What a stream of bytes that has stopped moving is given before it counts as failed. */
    private static final Duration STALLED = Duration.ofMinutes(1);

    private final String address;
    private final WireMember member;
    private @Nullable Receiving receiving;

    /** Who tells in the end what has arrived. */
    private interface Receiving {
        Arrivals finish() throws Exception;
    }

    private WireEnd(String address, WireMember member) {
        this.address = address;
        this.member = member;
    }

    /** Arguments: the end's own address and, for the second to start, that of the first. */
    public static void main(String[] arguments) throws IOException {
        PrintStream answers = System.out;
        Optional<String> seed = arguments.length > 1 ? Optional.of(arguments[1]) : Optional.empty();
        WireEnd end = new WireEnd(arguments[0], WireMember.start(arguments[0], seed));
        answers.println("ok " + ProcessHandle.current().pid());
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        // In a thread of its own, so that the end of the orders is noticed while one is obeyed.
        ExecutorService worker = Executors.newSingleThreadExecutor();
        for (String order; (order = orders.readLine()) != null; ) {
            String[] words = order.split(" ", -1);
            worker.execute(() -> answers.println(end.answer(words)));
        }
        // Nothing here is worth saving, and leaving a cluster of two in order takes seconds.
        Runtime.getRuntime().halt(0);
    }

    private String answer(String[] order) {
        try {
            return "ok " + obey(order);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "failed interrupted";
        } catch (Exception e) {
            return "failed " + e;
        }
    }

    private String obey(String[] order) throws Exception {
        return switch (order[0]) {
            case "receive-frames" -> receiveFrames(stream(order), interval(order[3], order[4]), order[5]);
            case "receive-plain" -> receivePlain(interval(order[1], order[2]));
            case "send-frames" -> sendFrames(stream(order), millis(order[3]), order[4]);
            case "send-plain" -> sendPlain(Integer.parseInt(order[1]), millis(order[2]), order[3]);
            case "received" -> received();
            default -> throw new IllegalArgumentException("no such order: " + order[0]);
        };
    }

    private String receiveFrames(PieceStream stream, Interval interval, String from) {
        ActorRef<DataMessage> consumer = member.consume(stream, interval, from);
        receiving = () -> {
            WireConsumer.Outcome outcome = member.finish(consumer);
            outcome.problem().ifPresent(problem -> {
                throw new IllegalStateException(problem);
            });
            return outcome.arrivals();
        };
        return "0";
    }

    private String receivePlain(Interval interval) throws IOException {
        ServerSocketChannel server = PlainSocket.listen(address);
        var arrivals = new FutureTask<>(() -> {
            try (server) {
                return PlainSocket.receive(server, interval);
            }
        });
        Thread thread = new Thread(arrivals, "plain-receiver");
        thread.setDaemon(true);
        thread.start();
        receiving = () -> arrivals.get(STALLED.toSeconds(), TimeUnit.SECONDS);
        return Integer.toString(server.socket().getLocalPort());
    }

    private String sendFrames(PieceStream stream, Duration time, String to)
            throws InterruptedException, ExecutionException, TimeoutException {
        long limitMillis = time.plus(STALLED).toMillis();
        return member.produce(stream, time, to)
                .get(limitMillis, TimeUnit.MILLISECONDS)
                .toString();
    }

    private static String sendPlain(int port, Duration time, String to) throws IOException {
        return Long.toString(PlainSocket.send(new InetSocketAddress(to, port), time));
    }

    private String received() throws Exception {
        if (receiving == null) {
            throw new IllegalStateException("nothing was to be received");
        }
        return Double.toString(receiving.finish().bytesPerSecond());
    }

    private PieceStream stream(String[] order) {
        return member.stream(Long.parseLong(order[1]), Integer.parseInt(order[2]));
    }

    private static Interval interval(String warmUpMillis, String measuredMillis) {
        return new Interval(millis(warmUpMillis), millis(measuredMillis));
    }

    private static Duration millis(String text) {
        return Duration.ofMillis(Long.parseLong(text));
    }
}
