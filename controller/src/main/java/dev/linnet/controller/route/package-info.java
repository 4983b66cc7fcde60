/** Who routes: one class for each provider. */
@NullMarked
package dev.linnet.controller.route;

import org.jspecify.annotations.NullMarked;
