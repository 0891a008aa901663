package dev.tandem.actors.node;

import dev.tandem.config.HostPort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Which seeds a member that may make a cluster alone has to hear first. One that starts again beside a cluster that runs must not
 * take slow answers for none, and make a second cluster; one that starts a cluster should not wait for members that are not there.
 */
final class SeedCheck {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private SeedCheck() {}

    /**
     * The seeds without those whose machines say that nothing listens there. Of one that says nothing it is not known.
     *
     * @param own seed, which stays
     */
    static List<HostPort> worthWaitingFor(List<HostPort> seeds, HostPort own) {
        return those(seeds, seed -> seed.equals(own) || !refuses(seed));
    }

    /**
     * Those of which that is so, in the same order.
     *
     * @param isSo asked of all at once, each by a thread of its own: one that says nothing takes a second
     */
    static <T> List<T> those(List<T> all, Predicate<T> isSo) {
        List<CompletableFuture<Boolean>> answers = all.stream()
                .map(one -> CompletableFuture.supplyAsync(
                        () -> isSo.test(one), check -> new Thread(check, "seed-check").start()))
                .toList();
        return IntStream.range(0, all.size())
                .filter(one -> answers.get(one).join())
                .mapToObj(all::get)
                .toList();
    }

    /** Whether the machine says that nothing listens there; takes up to a second. */
    static boolean refuses(HostPort seed) {
        return ask(seed) == Answer.REFUSES;
    }

    /** Whether something listens there; takes up to a second. */
    static boolean listens(HostPort seed) {
        return ask(seed) == Answer.LISTENS;
    }

    private enum Answer {
        LISTENS,
        REFUSES,
        NOTHING
    }

    private static Answer ask(HostPort seed) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(seed.host(), seed.port()), (int) TIMEOUT.toMillis());
            return Answer.LISTENS;
        } catch (ConnectException e) {
            return Answer.REFUSES;
        } catch (IOException e) {
            return Answer.NOTHING;
        }
    }
}
