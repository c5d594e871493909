/** Each cell of the table of answers to the whole request, in docs/answers.md. */
import { WHOLE_ROWS } from './whole-rows.ts';
import { registerCells } from './register.ts';

registerCells('[AB23]', 'Answers to the whole request', WHOLE_ROWS);
