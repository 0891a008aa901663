package dev.tandem.inference.runtime;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;

/** Functions of the C library that Java has no equal of; JNA reads the interface by reflection. */
interface CLibrary extends Library {
    /** Loaded at first use; throws {@link LinkageError} where there is no such library. */
    CLibrary INSTANCE = Native.load("c", CLibrary.class);

    int setpriority(int which, int who, int priority) throws LastErrorException;

    /** Only in the GNU C library. */
    int mallopt(int parameter, int value);

    /** Only in the GNU C library. */
    int malloc_trim(long keptBytes);
}
