/** A view's state and its questions: one function from state and event to the next state; each question gets the next id and is an event itself. */
interface Asked<Question> {
  type: 'asked';
  id: number;
  question: Question;
}

interface ConversationParts<Model extends { readonly lastId: number }, Event, Question> {
  initial: Model;
  /** The same model where nothing changed. */
  reduce(model: Model, event: Event | Asked<Question>): Model;
  post(message: { type: 'ask'; id: number; question: Question }): void;
  changed(before: Model, now: Model): void;
}

interface Conversation<Event, Question> {
  dispatch(event: Event): void;
  ask(question: Question): void;
}

export function conversation<Model extends { readonly lastId: number }, Event, Question>({ initial, reduce, post, changed }: ConversationParts<Model, Event, Question>): Conversation<Event, Question> {
  let model = initial;
  const take = (event: Event | Asked<Question>): void => {
    const before = model;
    model = reduce(before, event);
    if (model !== before) changed(before, model);
  };
  return {
    dispatch: take,
    ask(question) {
      const id = model.lastId + 1;
      take({ type: 'asked', id, question });
      post({ type: 'ask', id, question });
    },
  };
}
