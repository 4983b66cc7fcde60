/** What goes wrong, in the words of a real API server. */
@NullMarked
package dev.linnet.apiserver.failure;

import org.jspecify.annotations.NullMarked;
