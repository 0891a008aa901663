package dev.tandem.harness.testbed;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two network namespaces joined by one link, a veth pair. Nothing outside of the two is touched: the link is made inside
 * them, and no packet leaves.
 *
 * <p>They go at close, at the end of the process, and, should it be killed, when the next process makes some. Processes
 * that still run inside keep their namespace, without its name, until they end. Threading: one thread at a time.
 */
public final class LinkedNamespaces implements AutoCloseable {

    /** Congestion control inside. */
    public static final String CONGESTION_CONTROL = "reno";

    private static final Logger LOG = LoggerFactory.getLogger(LinkedNamespaces.class);
    private static final String LINK = "link0";
    private static final int PREFIX_BITS = 24;

    private final List<End> ends;
    private final Thread shutdownHook = new Thread(this::remove, "linked-namespaces-shutdown");
    private boolean isRemoved;

    /** One end of the link. */
    public static final class End {

        private final String namespace;
        private final String address;

        private End(String end, String address) {
            this.namespace = OwnedName.own(end).toString();
            this.address = address;
        }

        public String namespace() {
            return namespace;
        }

        /** The end's address on the link. */
        public String address() {
            return address;
        }

        /** The command that runs another inside; it becomes that one, so that the process is the same. */
        public List<String> inside(List<String> command) {
            return Namespaces.inside(namespace, command);
        }
    }

    private LinkedNamespaces() {
        ends = List.of(new End("a", "10.89.0.1"), new End("b", "10.89.0.2"));
    }

    /**
     * Removes what killed processes have left, and makes two namespaces with an unshaped link.
     *
     * @throws TestbedException when rights or tools are missing, or a tool says no; nothing is left behind then
     */
    public static LinkedNamespaces create() {
        TestbedRights.missing().ifPresent(missing -> {
            throw new TestbedException(missing);
        });
        Leftovers.sweep();
        LinkedNamespaces made = new LinkedNamespaces();
        Runtime.getRuntime().addShutdownHook(made.shutdownHook);
        try {
            made.make();
            return made;
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
    }

    /** The end of the process waits for it before it removes what there is. */
    private synchronized void make() {
        if (isRemoved) {
            throw new TestbedException("the process is ending: no namespaces are made any more.");
        }
        for (End end : ends) {
            Namespaces.add(end.namespace);
        }
        String[] link = {"link", "add", LINK, "type", "veth", "peer", "name", LINK, "netns", second().namespace};
        in(first(), "ip", link);
        for (End end : ends) {
            in(end, "ip", "address", "add", end.address + "/" + PREFIX_BITS, "dev", LINK);
            in(end, "ip", "link", "set", "lo", "up");
            in(end, "ip", "link", "set", LINK, "up");
            // The settings of a namespace; those of the machine stay as they are.
            Namespaces.controlCongestion(end.namespace, CONGESTION_CONTROL);
        }
    }

    /** The end that has the lower address. */
    public End first() {
        return ends.get(0);
    }

    public End second() {
        return ends.get(1);
    }

    /**
     * Makes the link that fast from now on, in both directions.
     *
     * @throws TestbedException when the kernel has no token bucket filter, for example
     */
    public void shape(LinkShape shape) {
        for (End end : ends) {
            if (shape.isShaped()) {
                in(end, "tc", with(new String[] {"qdisc", "replace", "dev", LINK, "root"}, shape.filter()));
            } else if (in(end, "tc", "qdisc", "show", "dev", LINK).contains("tbf")) {
                in(end, "tc", "qdisc", "delete", "dev", LINK, "root");
            }
        }
    }

    /** Removes both namespaces and the link; later calls have no effect. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            LOG.debug("the process is ending; its hook may remove the namespaces as well, which does no harm");
        }
        remove();
    }

    private synchronized void remove() {
        isRemoved = true;
        List<String> existing = Namespaces.existing();
        for (End end : ends) {
            if (existing.contains(end.namespace)) {
                Namespaces.delete(end.namespace);
            }
        }
    }

    private static String in(End end, String tool, String... arguments) {
        return Namespaces.in(end.namespace, tool, arguments);
    }

    private static String[] with(String[] head, String... tail) {
        List<String> whole = new ArrayList<>(List.of(head));
        whole.addAll(List.of(tail));
        return whole.toArray(String[]::new);
    }
}
