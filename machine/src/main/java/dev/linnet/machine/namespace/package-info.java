/** What every namespace is given, and how it ends. */
@NullMarked
package dev.linnet.machine.namespace;

import org.jspecify.annotations.NullMarked;
