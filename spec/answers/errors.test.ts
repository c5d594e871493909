/** Each cell of the table of errors of one space, in docs/answers.md. */
import { ERROR_ROWS } from './error-rows.ts';
import { registerCells } from './register.ts';

registerCells('[AB23]', 'Errors of one space', ERROR_ROWS);
