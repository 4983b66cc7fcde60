/** What every controller is built from: informers, a work queue, a reconcile loop, owner references and Events. */
@NullMarked
package dev.linnet.machine.control;

import org.jspecify.annotations.NullMarked;
