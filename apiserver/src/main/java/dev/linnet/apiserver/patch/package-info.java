/** The four patch types, and who owns which field. */
@NullMarked
package dev.linnet.apiserver.patch;

import org.jspecify.annotations.NullMarked;
