package dev.tandem.harness.testbed;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Names of all that one test bed makes. They follow from its owner, its number among the owner's and the places of nodes and
 * core groups in its file, so that whoever knows those finds everything without a list.
 *
 * @param folder of the bed, from which the others follow
 */
record BedNames(OwnedName folder) {

    private static final AtomicInteger LAST = new AtomicInteger();

    /** Two digits, nodes and core groups fit into a name. */
    private static final int MOST_BEDS = 100;

    private static final String FOLDER = "f";

    /** Names for a new bed of this process. */
    static BedNames next() {
        return new BedNames(OwnedName.own(LAST.incrementAndGet() % MOST_BEDS + FOLDER));
    }

    private String number() {
        return folder.end().substring(0, folder.end().length() - FOLDER.length());
    }

    /** Whether a name is one of this bed. */
    boolean has(OwnedName name) {
        return name.sibling("").equals(folder.sibling(""))
                && name.end().startsWith(number())
                && !Character.isDigit(name.end().charAt(number().length()));
    }

    OwnedName switchboard() {
        return folder.sibling(number() + "s");
    }

    OwnedName client() {
        return folder.sibling(number() + "c");
    }

    /** @param node from 0, as in the file */
    OwnedName node(int node) {
        return folder.sibling(number() + "n" + (node + 1));
    }

    OwnedName group(int node, int group) {
        return folder.sibling(node(node).end() + "g" + (group + 1));
    }
}
