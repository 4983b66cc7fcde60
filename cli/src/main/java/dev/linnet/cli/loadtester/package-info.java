/** {@code linnet loadtester}: options, and who may use it in a cluster. */
@NullMarked
package dev.linnet.cli.loadtester;

import org.jspecify.annotations.NullMarked;
