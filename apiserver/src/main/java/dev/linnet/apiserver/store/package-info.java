/** Objects, one global order of changes, recent history, and their durability. Start reading at ObjectStore. */
@NullMarked
package dev.linnet.apiserver.store;

import org.jspecify.annotations.NullMarked;
