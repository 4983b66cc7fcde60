/** What the templates are given: everything decided, nothing to compute. */
@NullMarked
package dev.linnet.console.view;

import org.jspecify.annotations.NullMarked;
