/** Which kinds are served, and what is special about each: defaults, validation, columns, older versions. */
@NullMarked
package dev.linnet.apiserver.kinds;

import org.jspecify.annotations.NullMarked;
